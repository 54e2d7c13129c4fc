<?php

namespace Swoole\Coroutine\Http\Client;

/**
 * Thrown by the functions of the namespace `Swoole\Coroutine\Http` when there is no answer; the code is an errno, or curl's.
 *
 * @short-alias Co\Http\Client\Exception
 */
class Exception extends \Swoole\Exception
{
}
