<?php

declare(strict_types=1);

namespace Swoole\Database;

use Swoole\ConnectionPool;

/** Connections of PDO. */
class PDOPool extends ConnectionPool
{
    public function __construct(protected PDOConfig $config, int $size = self::DEFAULT_SIZE)
    {
        parent::__construct(fn () => $this->connect(), $size, PDOProxy::class);
    }

    /**
     * Borrows a connection, see {@see ConnectionPool::get()}.
     *
     * @return PDOProxy|false
     */
    public function get(float $timeout = -1)
    {
        $connection = parent::get($timeout);
        if ($connection !== false) {
            $connection->reset();
        }
        return $connection;
    }

    /**
     * Gives a connection back, see {@see ConnectionPool::put()}. A transaction that is still open is rolled back.
     *
     * @param \PDO|PDOProxy|null $connection
     */
    public function put($connection): void
    {
        $pdo = $connection instanceof PDOProxy ? $connection->__getObject() : $connection;
        try {
            if ($pdo instanceof \PDO && $pdo->inTransaction()) {
                $pdo->rollBack();
            }
        } catch (\PDOException) {
            // It is lost, and its transaction with it: the next call opens another.
        }
        parent::put($connection);
    }

    private function connect(): \PDO
    {
        $config = $this->config;
        $name = $config->getDbname();
        $place = $config->hasUnixSocket() ? $config->getUnixSocket() : $config->getHost();
        $port = $config->getPort();
        $driver = $config->getDriver();
        if ($driver === 'sqlite') {
            if ($name === '') {
                throw new \Exception('Connection pool in Swoole does not support temporary SQLite databases.');
            }
            if ($name === ':memory:') {
                throw new \Exception('Connection pool in Swoole does not support creating SQLite databases in memory.');
            }
            return new \PDO("sqlite:$name");
        }
        $where = $config->hasUnixSocket() ? "unix_socket=$place" : "host=$place;port=$port";
        $dsn = match ($driver) {
            'mysql' => "mysql:$where;dbname=$name;charset={$config->getCharset()}",
            'pgsql' => "pgsql:host=$place;port=$port;dbname=$name",
            'oci' => "oci:dbname=$place:$port/$name;charset={$config->getCharset()}",
            default => throw new \Exception("Unsupported Database Driver:$driver"),
        };
        return new \PDO($dsn, $config->getUsername(), $config->getPassword(), $config->getOptions());
    }
}
