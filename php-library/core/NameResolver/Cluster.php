<?php

declare(strict_types=1);

namespace Swoole\NameResolver;

use Swoole\Exception;

/** The nodes behind a name. */
class Cluster
{
    /** @var array<int, array{host: string, port: int, weight: int}> */
    private array $nodes = [];

    /**
     * Adds a node.
     *
     * @param string $host an IP address
     * @param int $weight 0 to 100; not used when a node is chosen
     * @throws Exception when one of them is out of its range
     */
    public function add(string $host, int $port, int $weight = 100): void
    {
        if (filter_var($host, FILTER_VALIDATE_IP) === false) {
            throw new Exception("Bad IP Address [$host]");
        }
        if ($port < 0 || $port > 65535) {
            throw new Exception("Bad Port [$port]");
        }
        if ($weight < 0 || $weight > 100) {
            throw new Exception("Bad Weight [$weight]");
        }
        $this->nodes[] = ['host' => $host, 'port' => $port, 'weight' => $weight];
    }

    /**
     * Takes any node out.
     *
     * @return array{host: string, port: int, weight: int}|false false when none is left
     */
    public function pop()
    {
        if ($this->nodes === []) {
            return false;
        }
        $key = array_rand($this->nodes);
        $node = $this->nodes[$key];
        unset($this->nodes[$key]);
        return $node;
    }

    public function count(): int
    {
        return count($this->nodes);
    }
}
