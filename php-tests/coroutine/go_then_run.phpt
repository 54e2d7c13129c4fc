--TEST--
run() after a top-level go() waits for that coroutine too
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

go(static function (): void {
    Coroutine::sleep(0.1);
    echo "top-level go ends\n";
});
var_dump(Coroutine\run(static function (): void {
    Coroutine::sleep(0.001);
    echo "run ends\n";
}));
echo "after run\n";
--EXPECT--
run ends
top-level go ends
bool(true)
after run
