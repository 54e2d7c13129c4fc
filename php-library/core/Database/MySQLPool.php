<?php

declare(strict_types=1);

namespace Swoole\Database;

use Swoole\ConnectionPool;
use Swoole\Coroutine\MySQL;

use function Swoole\Coroutine\MySQL\restore;

/**
 * Connections of {@see MySQL}.
 *
 * `get()` hands out connections that the server has not closed. `put()` rolls an open transaction back; a connection that is broken, or
 * whose results were not read to their end, is closed, and whoever waits opens another. A borrowed connection that nobody has any more
 * frees its place.
 */
class MySQLPool extends ConnectionPool
{
    /** @var \WeakMap<MySQL, true> */
    private \WeakMap $borrowed;

    /** Connections on their way in or out. */
    private int $moving = 0;

    /** @param float $patience seconds that taking a transaction back may last */
    public function __construct(protected MySQLConfig $config, int $size = self::DEFAULT_SIZE, private float $patience = 5)
    {
        $this->borrowed = new \WeakMap();
        parent::__construct($this->connect(...), $size);
    }

    /** Opens connections until there are as many as the pool may have. */
    public function fill(): void
    {
        while ($this->pool !== null && $this->count() < $this->size) {
            $connection = $this->open();
            // It may have been closed meanwhile.
            $this->pool === null ? $connection->close() : $this->pool->push($connection);
        }
    }

    /**
     * Borrows a connection.
     *
     * @param float $timeout seconds to wait for one; without end when negative or 0
     * @return MySQL|false false when none came back in time, and when the pool was closed meanwhile
     * @throws \RuntimeException when the pool is closed
     * @throws MySQL\Exception when no connection can be opened
     */
    public function get(float $timeout = -1)
    {
        $end = null;
        while (true) {
            if ($this->pool === null) {
                throw new \RuntimeException('Pool has been closed');
            }
            if (!$this->pool->isEmpty()) {
                $connection = $this->pool->pop();
            } elseif ($this->count() < $this->size) {
                $connection = $this->open();
            } else {
                $left = $timeout;
                if ($timeout > 0) {
                    $now = microtime(true);
                    $end ??= $now + $timeout;
                    $left = max($end - $now, 0.001);
                }
                $connection = $this->pool->pop($left);
            }
            if ($connection === false) {
                return false;
            }
            // Null: a place has become free.
            if ($connection !== null && restore($connection)) {
                $this->borrowed[$connection] = true;
                return $connection;
            }
        }
    }

    /**
     * Gives a connection back. One that was not borrowed here is closed.
     *
     * @param MySQL|null $connection null when it is lost
     */
    public function put($connection): void
    {
        if ($connection !== null && isset($this->borrowed[$connection])) {
            unset($this->borrowed[$connection]);
            $this->moving++;
            try {
                $fit = restore($connection, $this->patience);
            } finally {
                $this->moving--;
            }
            if ($fit && $this->pool !== null) {
                $this->pool->push($connection);
                return;
            }
        }
        $connection?->close();
        $this->freed();
    }

    /** Closes the idle connections; the others are closed when they come back. Who waits for one gets false. */
    public function close(): void
    {
        $pool = $this->pool;
        if ($pool === null) {
            return;
        }
        $idle = [];
        while (!$pool->isEmpty()) {
            $idle[] = $pool->pop();
        }
        parent::close();
        foreach ($idle as $connection) {
            $connection?->close();
        }
    }

    public function stats()
    {
        $idle = $this->pool?->length() ?? 0;
        return ['connections' => $this->count(), 'idle' => $idle, 'borrowed' => count($this->borrowed)] + parent::stats();
    }

    private function count(): int
    {
        return ($this->pool?->length() ?? 0) + count($this->borrowed) + $this->moving;
    }

    private function open(): MySQL
    {
        $this->moving++;
        try {
            $connection = ($this->constructor)();
        } catch (\Throwable $error) {
            $this->moving--;
            $this->freed();
            throw $error;
        }
        $this->moving--;
        return $connection;
    }

    private function connect(): MySQL
    {
        $mysql = new MySQL();
        if (!$mysql->connect($this->config->getSettings())) {
            throw new MySQL\Exception($mysql->connect_error, $mysql->connect_errno);
        }
        return $mysql;
    }

    /** Lets somebody who waits take the place that has become free. */
    private function freed(): void
    {
        if ($this->pool !== null && $this->pool->stats()['consumer_num'] > 0) {
            $this->pool->push(null);
        }
    }
}
