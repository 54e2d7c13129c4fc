<?php

declare(strict_types=1);

namespace Swoole\NameResolver;

use Swoole\NameResolver;

use function Swoole\Coroutine\Http\get;
use function Swoole\Coroutine\Http\request;

/** Asks Nacos, through its HTTP interface of version 1. */
class Nacos extends NameResolver
{
    /** @param array $options `weight`, `encoding` and `namespaceId` */
    public function join(string $name, string $ip, int $port, array $options = []): bool
    {
        return $this->checkResponse(request($this->url('instance', $name, [
            'port' => $port,
            'ip' => $ip,
            'healthy' => 'true',
            'weight' => $options['weight'] ?? 100,
            'encoding' => $options['encoding'] ?? 'utf-8',
            'namespaceId' => $options['namespaceId'] ?? 'public',
        ]), 'POST', []));
    }

    public function leave(string $name, string $ip, int $port): bool
    {
        return $this->checkResponse(request($this->url('instance', $name, ['port' => $port, 'ip' => $ip]), 'DELETE'));
    }

    public function getCluster(string $name): ?Cluster
    {
        $response = get($this->url('instance/list', $name, []));
        $this->checkResponse($response);
        $answer = json_decode($response->getBody(), flags: JSON_THROW_ON_ERROR);
        if (empty($answer)) {
            return null;
        }
        $cluster = new Cluster();
        foreach ($answer->hosts as $node) {
            $cluster->add($node->ip, $node->port, (int) $node->weight);
        }
        return $cluster;
    }

    private function url(string $path, string $name, array $parameters): string
    {
        return "$this->baseUrl/nacos/v1/ns/$path?" . http_build_query($parameters + ['serviceName' => $this->prefix . $name]);
    }
}
