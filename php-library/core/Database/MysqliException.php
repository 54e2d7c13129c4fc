<?php

declare(strict_types=1);

namespace Swoole\Database;

/** What {@see MysqliPool} and its connections throw; the code is MySQL's. */
class MysqliException extends \Exception
{
}
