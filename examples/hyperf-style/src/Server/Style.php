<?php

declare(strict_types=1);

namespace Hyperf\Server;

/** How this process serves. */
enum Style
{
    case Async;
    case Coroutine;

    /** The style that was started; set once, at boot. */
    public static function current(?self $started = null): self
    {
        static $current = self::Async;
        return $current = $started ?? $current;
    }
}
