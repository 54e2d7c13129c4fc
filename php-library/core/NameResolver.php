<?php

declare(strict_types=1);

namespace Swoole;

use Swoole\Coroutine\Http\ClientProxy;
use Swoole\Http\Status;
use Swoole\NameResolver\Cluster;
use Swoole\NameResolver\Exception;

/** Finds the nodes behind the name of a service, and registers them, with a name service at a URL. */
abstract class NameResolver
{
    /** @var string URL with the address in the place of the host */
    protected $baseUrl;

    /** @var array the parts of the URL, with `ip` */
    protected $info;

    /** @var callable|null */
    private $filter;

    /**
     * @param string $url of the name service
     * @param string $prefix in front of each name
     * @throws \RuntimeException for a URL that is none, and a host that has no address
     */
    public function __construct($url, protected $prefix = 'swoole_service_')
    {
        $this->checkServerUrl($url);
    }

    /** Registers a node for a name. */
    abstract public function join(string $name, string $ip, int $port, array $options = []): bool;

    /** Takes a node of a name out. */
    abstract public function leave(string $name, string $ip, int $port): bool;

    /** The nodes of a name, null when there are none. */
    abstract public function getCluster(string $name): ?Cluster;

    /** @param callable $fn is called with a name, and answers true if this resolver is to be asked for it */
    public function withFilter(callable $fn): self
    {
        $this->filter = $fn;
        return $this;
    }

    /** @return callable|null */
    public function getFilter()
    {
        return $this->filter;
    }

    public function hasFilter(): bool
    {
        return $this->filter !== null;
    }

    /**
     * Looks a name up.
     *
     * @return Cluster|array|string|null the node if there is one, a cluster if there are more, an empty string if there is none, and
     *     null if the filter leaves the name to other resolvers
     */
    public function lookup(string $name)
    {
        if ($this->filter !== null && ($this->filter)($name) !== true) {
            return null;
        }
        $cluster = $this->getCluster($name);
        return match ($cluster?->count()) {
            null => '',
            1 => $cluster->pop(),
            default => $cluster,
        };
    }

    /** Takes the URL apart and resolves its host. */
    protected function checkServerUrl(string $url)
    {
        $info = parse_url($url) ?: [];
        if (empty($info['scheme']) || empty($info['host'])) {
            throw new \RuntimeException("invalid url parameter '$url'");
        }
        $info['ip'] = filter_var($info['host'], FILTER_VALIDATE_IP) ? $info['host'] : gethostbyname($info['host']);
        if (!filter_var($info['ip'], FILTER_VALIDATE_IP)) {
            throw new \RuntimeException("Failed to resolve host '{$info['host']}'");
        }
        $this->info = $info;
        $this->baseUrl = "{$info['scheme']}://{$info['ip']}" . (empty($info['port']) ? '' : ":{$info['port']}") . rtrim($info['path'] ?? '', '/');
    }

    /**
     * Whether the answer of a name service says yes.
     *
     * @throws Exception when it says no
     */
    protected function checkResponse(ClientProxy $response): bool
    {
        if ($response->getStatusCode() !== Status::OK) {
            throw new Exception('Http Body: ' . $response->getBody(), $response->getStatusCode());
        }
        return true;
    }
}
