<?php

declare(strict_types=1);

namespace Hyperf\Context;

use Swoole\Coroutine;

/** What belongs to the coroutine that asks, and goes with it. */
final class Context
{
    public static function set(string $key, mixed $value): void
    {
        Coroutine::getContext()[$key] = $value;
    }

    public static function get(string $key, mixed $default = null): mixed
    {
        return Coroutine::getContext()[$key] ?? $default;
    }
}
