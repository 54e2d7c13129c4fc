--TEST--
run() turns all hooks on when nobody has said which
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Runtime;

Coroutine\run(static fn () => var_dump(Runtime::getHookFlags() === SWOOLE_HOOK_ALL));
var_dump(Coroutine::getOptions() === ['hook_flags' => SWOOLE_HOOK_ALL]);
Coroutine::set(['hook_flags' => 0]);
Coroutine\run(static fn () => var_dump(Runtime::getHookFlags()));
--EXPECT--
bool(true)
bool(true)
int(0)
