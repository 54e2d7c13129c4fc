<?php

declare(strict_types=1);

namespace Swoole\NameResolver;

use Swoole\NameResolver;

/** Keeps the nodes of a name in a set of Redis; needs ext/redis. */
class Redis extends NameResolver
{
    private string $serverHost;

    private int $serverPort;

    public function __construct($url, $prefix = 'swoole:service:')
    {
        parent::__construct($url, $prefix);
        $this->serverHost = $this->info['ip'];
        $this->serverPort = $this->info['port'] ?? 6379;
    }

    public function join(string $name, string $ip, int $port, array $options = []): bool
    {
        $redis = $this->connect();
        return $redis !== false && $redis->sAdd($this->prefix . $name, "$ip:$port") !== false;
    }

    public function leave(string $name, string $ip, int $port): bool
    {
        $redis = $this->connect();
        return $redis !== false && $redis->sRem($this->prefix . $name, "$ip:$port") !== false;
    }

    public function getCluster(string $name): ?Cluster
    {
        $redis = $this->connect();
        $members = $redis === false ? [] : $redis->sMembers($this->prefix . $name);
        if (!$members) {
            return null;
        }
        $cluster = new Cluster();
        foreach ($members as $member) {
            $colon = strrpos($member, ':');
            $cluster->add(substr($member, 0, $colon), (int) substr($member, $colon + 1));
        }
        return $cluster;
    }

    /** @return \Redis|false */
    protected function connect()
    {
        $redis = new \Redis();
        return $redis->connect($this->serverHost, $this->serverPort) ? $redis : false;
    }
}
