<?php

declare(strict_types=1);

namespace Swoole\Coroutine\FastCGI\Client;

/**
 * Thrown when a FastCGI application does not answer; the code is an errno.
 *
 * @short-alias Co\FastCGI\Client\Exception
 */
class Exception extends \Swoole\Exception
{
}
