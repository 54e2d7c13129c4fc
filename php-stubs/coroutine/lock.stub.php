<?php

namespace Swoole\Coroutine;

/**
 * Lets one coroutine at a time through. Who holds it may lock it again; one {@see unlock()} frees it.
 *
 * @native Lock
 * @not-serializable
 */
class Lock
{
    /** @var int why the last call returned false: `SWOOLE_ERROR_*` or an errno */
    public $errCode = 0;

    /** @param bool $shared whether processes forked later share it */
    public function __construct(bool $shared = false)
    {
    }

    /**
     * Takes the lock, waiting for it.
     *
     * @param int $operation with `LOCK_NB` it does not wait; the rest makes no difference
     * @return bool false with `errCode`: `EBUSY`, `SWOOLE_ERROR_CO_CANCELED`, or `SWOOLE_ERROR_CO_OUT_OF_COROUTINE` outside coroutines
     */
    public function lock(int $operation = LOCK_EX): bool
    {
    }

    /**
     * Frees the lock, whoever holds it.
     *
     * @return bool false outside coroutines, with `errCode`
     */
    public function unlock(): bool
    {
    }
}
