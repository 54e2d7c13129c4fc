<?php

namespace Swoole\Coroutine\MySQL;

/**
 * Thrown where settings or modes of a connection cannot be used; the code is an errno.
 *
 * @not-serializable
 * @short-alias Co\MySQL\Exception
 */
class Exception extends \Swoole\Exception
{
}
