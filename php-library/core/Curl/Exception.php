<?php

declare(strict_types=1);

namespace Swoole\Curl;

/** Thrown where a request of curl cannot be prepared. */
class Exception extends \Swoole\Exception
{
}
