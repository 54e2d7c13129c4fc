--TEST--
Coroutines beyond the memory limit are a fatal error too
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        while (true) {
            go(static function (): void {
                $data = str_repeat('x', 100000);
                Swoole\Coroutine::sleep(10);
            });
        }
    });
    echo "never\n";
    PHP, ['memory_limit' => '32M']);
--EXPECTF--

Fatal error: Allowed memory size of 33554432 bytes exhausted (tried to allocate %d bytes) in %s on line 5
exit code 255
