--TEST--
Out of memory in a coroutine is PHP's fatal error, and shutdown functions run
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    register_shutdown_function(static fn () => print("shutdown function\n"));
    Swoole\Coroutine\run(static function (): void {
        go(static function (): void {
            Swoole\Coroutine::sleep(10);
        });
        Swoole\Coroutine::sleep(0.001);
        $all = [];
        while (true) {
            $all[] = str_repeat('x', 100000);
        }
    });
    echo "never\n";
    PHP, ['memory_limit' => '16M']);
--EXPECTF--

Fatal error: Allowed memory size of 16777216 bytes exhausted (tried to allocate %d bytes) in %s on line 10
shutdown function
exit code 255
