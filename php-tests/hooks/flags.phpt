--TEST--
Runtime's flags: what was set last is what is read, in options too; run() sets all of them when none were set
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Runtime;

function show(string $when): void
{
    printf("%-30s %10d %s\n", $when, Runtime::getHookFlags(), json_encode(Coroutine::getOptions()));
}

show('at the start');
go(static fn () => show('go without run'));
var_dump(Runtime::enableCoroutine(SWOOLE_HOOK_TCP | SWOOLE_HOOK_SLEEP));
show('enableCoroutine(TCP|SLEEP)');
var_dump(Runtime::enableCoroutine(0));
Coroutine\run(static fn () => show('run after enableCoroutine(0)'));
var_dump(Runtime::setHookFlags(SWOOLE_HOOK_TCP));
show('setHookFlags(TCP)');
Coroutine::set(['hook_flags' => SWOOLE_HOOK_SLEEP]);
show('set(SLEEP)');
Coroutine\run(static function (): void {
    show('inside');
    Runtime::enableCoroutine(SWOOLE_HOOK_UDP);
    show('enableCoroutine(UDP) inside');
    Coroutine::set(['hook_flags' => SWOOLE_HOOK_TLS]);
    show('set(TLS) inside');
});
show('after run');
Runtime::enableCoroutine(-1);
show('enableCoroutine(-1)');
Runtime::enableCoroutine(1 << 40);
show('enableCoroutine(1 << 40)');
Runtime::enableCoroutine();
var_dump(Runtime::getHookFlags() === SWOOLE_HOOK_ALL);
--EXPECT--
at the start                            0 null
go without run                          0 null
bool(true)
enableCoroutine(TCP|SLEEP)            514 {"hook_flags":514}
bool(true)
run after enableCoroutine(0)            0 {"hook_flags":0}
bool(true)
setHookFlags(TCP)                       2 {"hook_flags":2}
set(SLEEP)                            512 {"hook_flags":512}
inside                                512 {"hook_flags":512}
enableCoroutine(UDP) inside             4 {"hook_flags":4}
set(TLS) inside                        64 {"hook_flags":64}
after run                              64 {"hook_flags":64}
enableCoroutine(-1)            4294967295 {"hook_flags":4294967295}
enableCoroutine(1 << 40)                0 {"hook_flags":0}
bool(true)
