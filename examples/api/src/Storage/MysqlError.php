<?php

declare(strict_types=1);

namespace Notes\Storage;

use RuntimeException;

/** The database said no; the code is MySQL's error number. */
final class MysqlError extends RuntimeException
{
}
