<?php

declare(strict_types=1);

namespace Swoole\Exception;

/** Thrown by {@see \Swoole\ArrayObject::get()}; its message is the key. */
class ArrayKeyNotExists extends \RuntimeException
{
}
