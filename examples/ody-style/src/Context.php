<?php

declare(strict_types=1);

namespace Ody;

use Swoole\Coroutine;

/** What belongs to the request of this coroutine. Coroutines that it started see it too. */
final class Context
{
    public static function set(string $key, mixed $value): void
    {
        Coroutine::getContext()[$key] = $value;
    }

    public static function get(string $key, mixed $default = null): mixed
    {
        for ($id = Coroutine::getCid(); is_int($id) && $id > 0; $id = Coroutine::getPcid($id)) {
            $context = Coroutine::getContext($id);
            if (isset($context[$key])) {
                return $context[$key];
            }
        }
        return $default;
    }
}
