--TEST--
Coroutines still suspended at the end are dropped without their finally blocks; destructors do not run twice
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    class Witness
    {
        public function __destruct()
        {
            echo "destructed\n";
        }
    }
    Swoole\Coroutine::set(['enable_deadlock_check' => false]);
    Swoole\Coroutine\run(static function (): void {
        $witness = new Witness();
        try {
            Swoole\Coroutine::yield();
        } finally {
            echo "finally\n";
        }
    });
    echo "after run\n";
    PHP);
--EXPECT--
after run
destructed
exit code 0
