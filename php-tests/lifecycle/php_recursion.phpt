--TEST--
Endless recursion of PHP functions in a coroutine ends at the memory limit
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    function again(int $n): int
    {
        return again($n + 1) + 1;
    }
    Swoole\Coroutine\run(static function (): void {
        Swoole\Coroutine::sleep(0.001);
        again(0);
    });
    echo "never\n";
    PHP, ['memory_limit' => '64M', 'zend.max_allowed_stack_size' => '-1']);
--EXPECTF--

Fatal error: Allowed memory size of 67108864 bytes exhausted (tried to allocate %d bytes) in %s on line 4
exit code 255
