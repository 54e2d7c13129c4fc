--TEST--
exit in a coroutine throws Swoole\ExitException with status and flags
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\ExitException;

Coroutine\run(static function (): void {
    foreach ([0, 3, 'text', null] as $status) {
        try {
            Coroutine::sleep(0.001);
            $status === null ? exit() : exit($status);
        } catch (ExitException $e) {
            echo $e->getMessage(), ' ';
            echo var_export($e->getStatus(), true), ' ', $e->getFlags(), ' ', get_parent_class($e), "\n";
        }
    }
    var_dump(SWOOLE_EXIT_IN_COROUTINE, SWOOLE_EXIT_IN_SERVER);
});
echo "after run\n";
--EXPECTF--
swoole exit 0 2 Swoole\Exception
swoole exit 3 2 Swoole\Exception
%r(swoole exit|text)%r 'text' 2 Swoole\Exception
swoole exit %r(NULL|0)%r 2 Swoole\Exception
int(2)
int(4)
after run
