--TEST--
enable_deadlock_check off: no report
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine::set(['enable_deadlock_check' => false]);
Coroutine\run(static function (): void {
    Coroutine::yield();
    echo "never\n";
});
echo "after run\n";
--EXPECT--
after run
