<?php

namespace Swoole\Coroutine\Http2\Client;

/**
 * Thrown by the constructor of `Swoole\Coroutine\Http2\Client`.
 *
 * @short-alias Co\Http2\Client\Exception
 */
class Exception extends \Swoole\Exception
{
}
