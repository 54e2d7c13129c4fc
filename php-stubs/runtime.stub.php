<?php

namespace Swoole;

/**
 * Runtime hooks: blocking functions of PHP and of C libraries that wait as a coroutine does, so that others run meanwhile.
 *
 * They act inside of coroutines only; everywhere else every function blocks as ever.
 *
 * @not-instantiable
 */
class Runtime
{
    /**
     * Switches runtime hooks on or off, at once and for later loops.
     *
     * @param int $flags families of functions, `SWOOLE_HOOK_*` joined by `|`; 0 is none
     * @return bool whether they are in force
     */
    public static function enableCoroutine(int $flags = SWOOLE_HOOK_ALL): bool
    {
    }

    /** The flags that were set last, by this class or as `hook_flags`; 0 before that. `Coroutine\run()` sets `SWOOLE_HOOK_ALL` when none were. */
    public static function getHookFlags(): int
    {
    }

    /**
     * Same as {@see enableCoroutine()}.
     *
     * @param int $flags families of functions, `SWOOLE_HOOK_*` joined by `|`; 0 is none
     * @return bool whether they are in force
     */
    public static function setHookFlags(int $flags): bool
    {
    }
}
