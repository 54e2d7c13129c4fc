<?php

declare(strict_types=1);

namespace Swoole\Database;

use Swoole\ConnectionPool;

/**
 * Connections of ext/redis.
 *
 * @method \Redis|false get(float $timeout = -1)
 * @method void put(\Redis $connection)
 */
class RedisPool extends ConnectionPool
{
    public function __construct(protected RedisConfig $config, int $size = self::DEFAULT_SIZE)
    {
        parent::__construct(fn () => $this->connect(), $size);
    }

    private function connect(): \Redis
    {
        $config = $this->config;
        $redis = new \Redis();
        $redis->connect(
            $config->getHost(),
            $config->getPort(),
            $config->getTimeout(),
            null,
            $config->getRetryInterval(),
            $config->getReadTimeout(),
        );
        if ($config->getAuth()) {
            $redis->auth($config->getAuth());
        }
        if ($config->getDbIndex() !== 0) {
            $redis->select($config->getDbIndex());
        }
        foreach ($config->getOptions() as $option => $value) {
            $redis->setOption($option, $value);
        }
        return $redis;
    }
}
