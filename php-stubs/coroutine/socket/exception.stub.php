<?php

namespace Swoole\Coroutine\Socket;

/**
 * Thrown where a socket cannot be made, or an entry of a vector is wrong; the code is an errno.
 *
 * @short-alias Co\Socket\Exception
 */
class Exception extends \Swoole\Exception
{
}
