<?php

namespace Swoole\Coroutine;

/**
 * A queue of limited size between coroutines: `push()` waits while it is full, `pop()` while it is empty.
 *
 * @native Channel
 * @not-serializable
 * @short-alias Co\Channel
 * @short-alias Chan
 */
class Channel
{
    /** How many values it holds at most. */
    public $capacity = 0;
    /** Why the last operation returned false: `SWOOLE_CHANNEL_OK`, `_TIMEOUT`, `_CLOSED` or `_CANCELED`. */
    public $errCode = 0;

    /** @param int $size how many values it holds at most, at least 1 */
    public function __construct(int $size = 1)
    {
    }

    /**
     * Puts a value at the end, waiting for room.
     *
     * @param float $timeout seconds to wait, -1 for ever
     * @return bool false when the time passed or the channel is closed, see {@see $errCode}
     * @throws \Swoole\Error outside a coroutine, when it would wait
     */
    public function push(mixed $data, float $timeout = -1): bool
    {
    }

    /**
     * Takes the value at the front, waiting for one.
     *
     * @param float $timeout seconds to wait, -1 for ever
     * @return mixed the value; false when the time passed or the channel is closed and empty, see {@see $errCode}
     * @throws \Swoole\Error outside a coroutine
     */
    public function pop(float $timeout = -1): mixed
    {
    }

    /** Whether it holds no value. */
    public function isEmpty(): bool
    {
    }

    /** Whether it holds as many values as it can. */
    public function isFull(): bool
    {
    }

    /** Closes it: everyone who waits gets false, values left in it can still be taken. False when it was closed already. */
    public function close(): bool
    {
    }

    /** Counters: `consumer_num` and `producer_num` (who waits to pop and to push), `queue_num` (values held). */
    public function stats(): array
    {
    }

    /** How many values it holds. */
    public function length(): int
    {
    }
}
