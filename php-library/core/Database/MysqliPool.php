<?php

declare(strict_types=1);

namespace Swoole\Database;

use Swoole\ConnectionPool;

/**
 * Connections of ext/mysqli.
 *
 * @method MysqliProxy|false get(float $timeout = -1)
 */
class MysqliPool extends ConnectionPool
{
    public function __construct(protected MysqliConfig $config, int $size = self::DEFAULT_SIZE)
    {
        parent::__construct(fn () => $this->connect(), $size, MysqliProxy::class);
    }

    /**
     * Gives a connection back, see {@see ConnectionPool::put()}. A transaction that was begun with its methods and is still open is rolled back.
     *
     * @param \mysqli|MysqliProxy|null $connection
     */
    public function put($connection): void
    {
        if ($connection instanceof MysqliProxy) {
            try {
                $connection->rollBackOpen();
            } catch (\mysqli_sql_exception) {
                // It is lost, and its transaction with it: the next call opens another.
            }
        }
        parent::put($connection);
    }

    private function connect(): \mysqli
    {
        $config = $this->config;
        $mysqli = new \mysqli();
        foreach ($config->getOptions() as $option => $value) {
            $mysqli->options($option, $value);
        }
        $mysqli->real_connect(
            $config->getHost(),
            $config->getUsername(),
            $config->getPassword(),
            $config->getDbname(),
            $config->getPort(),
            $config->getUnixSocket(),
        );
        if ($mysqli->connect_errno) {
            throw new MysqliException((string) $mysqli->connect_error, $mysqli->connect_errno);
        }
        $mysqli->set_charset($config->getCharset());
        return $mysqli;
    }
}
