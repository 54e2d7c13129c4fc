--TEST--
A statement that prepare() did not make refuses to work
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $statement = new Swoole\Coroutine\MySQL\Statement();
    try {
        $statement->execute();
    } catch (Swoole\Error $e) {
        echo $e->getMessage(), "\n";
    }
});
--EXPECT--
you must create mysql statement object by prepare method
