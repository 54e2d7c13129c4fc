<?php

declare(strict_types=1);

namespace Swoole\Database;

/** Stands for a connection or a statement, so that another one can take its place. */
class ObjectProxy extends \Swoole\ObjectProxy
{
    final public function __clone(): void
    {
        throw new \Error('Trying to clone an uncloneable database proxy object');
    }
}
