<?php

declare(strict_types=1);

namespace Ody;

use Swoole\Coroutine\Channel;
use Swoole\Coroutine\MySQL;

/** Connections that requests share; one is opened when all are in use, up to a limit, and then they wait. */
final class Database
{
    private readonly Channel $idle;
    private int $open = 0;

    public function __construct(private readonly array $settings, private readonly int $limit)
    {
        $this->idle = new Channel($limit);
    }

    /**
     * @param list<mixed> $values for the question marks
     * @return list<array<string, mixed>>|bool
     * @throws \RuntimeException when there is no connection, or the server refuses the query
     */
    public function query(string $sql, array $values = []): array|bool
    {
        $connection = $this->take();
        $statement = $values === [] ? null : $connection->prepare($sql);
        $result = $values === [] ? $connection->query($sql) : ($statement ? $statement->execute($values) : false);
        $error = $statement ? $statement->error : $connection->error;
        // One that broke is not given back: its error is of the connection, not of the query.
        if ($connection->connected) {
            $this->idle->push($connection);
        } else {
            $this->open--;
        }
        return $result === false ? throw new \RuntimeException("the query failed: $error") : $result;
    }

    public function open(): int
    {
        return $this->open;
    }

    public function idle(): int
    {
        return $this->idle->length();
    }

    /** Nobody waits for a connection any more; those in use are closed with their coroutines. */
    public function close(): void
    {
        $this->idle->close();
    }

    private function take(): MySQL
    {
        if ($this->idle->isEmpty() && $this->open < $this->limit) {
            $this->open++;
            $connection = new MySQL();
            if (!$connection->connect($this->settings)) {
                $this->open--;
                throw new \RuntimeException("the database cannot be reached: $connection->connect_error");
            }
            return $connection;
        }
        return $this->idle->pop(30.0) ?: throw new \RuntimeException('all connections are in use');
    }
}
