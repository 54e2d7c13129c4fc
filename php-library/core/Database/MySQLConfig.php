<?php

declare(strict_types=1);

namespace Swoole\Database;

/**
 * Where and how {@see MySQLPool} connects. Each `with` method changes it and returns it; `withOptions()` takes further settings of
 * {@see \Swoole\Coroutine\MySQL::connect()}, such as `timeout`, `strict_type` and `ssl`.
 */
class MySQLConfig extends MysqliConfig
{
    /** @return array<string, mixed> settings for {@see \Swoole\Coroutine\MySQL::connect()} */
    public function getSettings(): array
    {
        $socket = $this->getUnixSocket();
        return $this->getOptions() + [
            'host' => $socket === null ? $this->getHost() : "unix:$socket",
            'port' => $this->getPort(),
            'user' => $this->getUsername(),
            'password' => $this->getPassword(),
            'database' => $this->getDbname(),
            'charset' => $this->getCharset(),
        ];
    }
}
