<?php

declare(strict_types=1);

namespace Swoole;

use Swoole\Coroutine\Channel;

/**
 * Connections that coroutines borrow and give back.
 *
 * A connection is made when one is wanted and none is idle, up to the size of the pool; beyond that `get()` waits for one that
 * comes back.
 */
class ConnectionPool
{
    public const DEFAULT_SIZE = 64;

    protected ?Channel $pool;

    /** @var callable */
    protected $constructor;

    protected int $size;

    protected int $num = 0;

    /**
     * @param callable $constructor makes a connection
     * @param int $size connections at most
     * @param class-string|null $proxy wraps each connection: a class whose constructor takes the callable
     */
    public function __construct(callable $constructor, int $size = self::DEFAULT_SIZE, protected ?string $proxy = null)
    {
        $this->size = $size;
        $this->pool = new Channel($size);
        $this->constructor = $constructor;
    }

    /** Makes connections until there are as many as the pool may have. */
    public function fill(): void
    {
        while ($this->num < $this->size) {
            $this->make();
        }
    }

    /**
     * Borrows a connection.
     *
     * @param float $timeout seconds to wait for one; without end when negative or 0
     * @return mixed a connection, false when none came back in time
     * @throws \RuntimeException when the pool is closed
     */
    public function get(float $timeout = -1)
    {
        if ($this->pool === null) {
            throw new \RuntimeException('Pool has been closed');
        }
        if ($this->num < $this->size && $this->pool->isEmpty()) {
            $this->make();
        }
        return $this->pool->pop($timeout);
    }

    /**
     * How the pool stands.
     *
     * @return array{size: int, connections: int, idle: int, borrowed: int, waiting: int} `size` is the most there may be, `waiting` how many
     *     coroutines are in `get()`
     */
    public function stats()
    {
        $idle = $this->pool?->length() ?? 0;
        return [
            'size' => $this->size,
            'connections' => $this->num,
            'idle' => $idle,
            'borrowed' => $this->num - $idle,
            'waiting' => $this->pool?->stats()['consumer_num'] ?? 0,
        ];
    }

    /**
     * Gives a connection back; after the pool is closed this does nothing.
     *
     * @param mixed $connection null if it is broken: another one is made in its place
     */
    public function put($connection): void
    {
        if ($this->pool === null) {
            return;
        }
        if ($connection === null) {
            $this->num--;
            $this->make();
        } else {
            $this->pool->push($connection);
        }
    }

    /** Forgets the idle connections; who waits for one gets false. */
    public function close(): void
    {
        $this->pool->close();
        $this->pool = null;
        $this->num = 0;
    }

    /** Makes a connection and puts it into the pool. */
    protected function make(): void
    {
        $this->num++;
        try {
            $connection = $this->proxy ? new $this->proxy($this->constructor) : ($this->constructor)();
        } catch (\Throwable $error) {
            $this->num--;
            throw $error;
        }
        $this->put($connection);
    }
}
