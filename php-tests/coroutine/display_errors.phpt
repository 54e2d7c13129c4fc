--TEST--
swoole.display_errors silences errors of operations, not wrong use
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

ini_set('swoole.display_errors', 'off');
Coroutine\run(static function (): void {
    var_dump(Coroutine::join([Coroutine::getCid()]), swoole_last_error() === SWOOLE_ERROR_WRONG_OPERATION);
    var_dump(Coroutine::resume(99999), swoole_last_error() === SWOOLE_ERROR_PHP_FATAL_ERROR);
    var_dump(Coroutine::sleep(-1), swoole_last_error() === SWOOLE_ERROR_PHP_FATAL_ERROR);
});
--EXPECTF--
bool(false)
bool(true)

Warning: Swoole\Coroutine::resume(): can not resume the coroutine which is in IO operation or non-existent in %s on line 10
bool(false)
bool(true)

Warning: Swoole\Coroutine::sleep(): Timer must be greater than or equal to 0.001 in %s on line 11
bool(false)
bool(true)
