--TEST--
A compile error in an included file, in a coroutine
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        Swoole\Coroutine::sleep(0.001);
        eval('interface A { private function x(); }');
        echo "never\n";
    });
    echo "never\n";
    PHP);
--EXPECTF--

Fatal error: Access type for interface method A::x() must be public in %s(4) : eval()'d code on line 1
exit code 255
