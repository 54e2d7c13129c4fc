--TEST--
A connection cannot be cloned, serialised or lose a property
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

$mysql = @new Swoole\Coroutine\MySQL();
foreach (
    [
        static fn () => clone $mysql,
        static fn () => serialize($mysql),
        static function () use ($mysql): void {
            unset($mysql->errno);
        },
    ] as $try
) {
    try {
        $try();
    } catch (Throwable $e) {
        echo get_class($e), ': ', $e->getMessage(), "\n";
    }
}
--EXPECT--
Error: Trying to clone an uncloneable object of class Swoole\Coroutine\MySQL
Exception: Serialization of 'Swoole\Coroutine\MySQL' is not allowed
Error: Property errno of class Swoole\Coroutine\MySQL cannot be unset
