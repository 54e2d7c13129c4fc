--TEST--
exit outside of a coroutine is PHP's own; waiting coroutines still finish
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    error_reporting(E_ALL & ~E_DEPRECATED);
    go(static function (): void {
        Swoole\Coroutine::sleep(0.005);
        echo "coroutine\n";
    });
    exit(4);
    PHP);
--EXPECT--
coroutine
exit code 4
