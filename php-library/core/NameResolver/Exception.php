<?php

declare(strict_types=1);

namespace Swoole\NameResolver;

/** An answer of a name service that says no; the code is the status of HTTP. */
class Exception extends \RuntimeException
{
}
