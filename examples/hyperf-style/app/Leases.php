<?php

declare(strict_types=1);

namespace App;

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

/** Two of something that is scarce, as connections of a pool are: what a coroutine takes comes back when it ends. */
final class Leases
{
    private static ?Channel $pool = null;

    /** Takes one; waits up to five seconds. False when none came back. */
    public static function take(): bool
    {
        $lease = self::pool()->pop(5.0);
        if ($lease === false) {
            return false;
        }
        Coroutine::defer(static fn () => self::pool()->push($lease));
        return true;
    }

    public static function free(): int
    {
        return self::pool()->length();
    }

    private static function pool(): Channel
    {
        if (self::$pool === null) {
            self::$pool = new Channel(2);
            self::$pool->push('first');
            self::$pool->push('second');
        }
        return self::$pool;
    }
}
