<?php

declare(strict_types=1);

namespace Hyperf\Server;

/** Callbacks of the configuration, `[class, method]`, as something to call. Each class is made once. */
final class Callbacks
{
    /** @var array<class-string, object> */
    private static array $made = [];

    /** @param array<string, array{class-string, string}> $callbacks */
    public static function of(array $callbacks, string $event): ?\Closure
    {
        if (!isset($callbacks[$event])) {
            return null;
        }
        [$class, $method] = $callbacks[$event];
        return (self::$made[$class] ??= new $class())->{$method}(...);
    }
}
