--TEST--
The setting hook_flags of a server: which families are hooked in its workers
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

// The first coroutine sleeps. With the hook the second one runs meanwhile, and without it afterwards.
$code = <<<'CODE'
use Swoole\Coroutine;
use Swoole\Runtime;

[, $class, $mode, $flags] = $argv;
$server = new $class('127.0.0.1', 0, (int) $mode);
$server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_NONE, 'hook_flags' => (int) $flags]);
echo 'set: ', Runtime::getHookFlags(), ' ', json_encode(Coroutine::getOptions()), "\n";
$server->on('receive', static fn () => null);
$server->on('request', static fn () => null);
$server->on('workerStart', static function (Swoole\Server $server): void {
    echo 'worker: ', Runtime::getHookFlags(), ' ', Coroutine::getOptions()['hook_flags'], ':';
    $order = new Coroutine\Channel(2);
    go(static function () use ($order): void {
        usleep(20_000);
        $order->push('first');
    });
    go(static fn () => $order->push('second'));
    echo " {$order->pop()}, {$order->pop()}\n";
    $server->shutdown();
});
$server->start();
CODE;
foreach (['Swoole\Server' => 'Server', 'Swoole\Http\Server' => 'Http\Server'] as $class => $name) {
    foreach ([SWOOLE_BASE, SWOOLE_PROCESS] as $mode) {
        foreach ([0, SWOOLE_HOOK_SLEEP, SWOOLE_HOOK_ALL & ~SWOOLE_HOOK_SLEEP] as $flags) {
            $end = run_php($code, arguments: [$class, $mode, $flags]);
            echo "$name in ", $mode === SWOOLE_BASE ? 'SWOOLE_BASE' : 'SWOOLE_PROCESS', "\n";
            echo strtr($end['out'], [(string) (SWOOLE_HOOK_ALL & ~SWOOLE_HOOK_SLEEP) => 'all but SLEEP']);
        }
    }
}
--EXPECT--
Server in SWOOLE_BASE
set: 0 {"hook_flags":0,"worker_num":1,"log_level":6}
worker: 0 0: first, second
Server in SWOOLE_BASE
set: 512 {"hook_flags":512,"worker_num":1,"log_level":6}
worker: 512 512: second, first
Server in SWOOLE_BASE
set: all but SLEEP {"hook_flags":all but SLEEP,"worker_num":1,"log_level":6}
worker: all but SLEEP all but SLEEP: first, second
Server in SWOOLE_PROCESS
set: 0 {"hook_flags":0,"worker_num":1,"log_level":6}
worker: 0 0: first, second
Server in SWOOLE_PROCESS
set: 512 {"hook_flags":512,"worker_num":1,"log_level":6}
worker: 512 512: second, first
Server in SWOOLE_PROCESS
set: all but SLEEP {"hook_flags":all but SLEEP,"worker_num":1,"log_level":6}
worker: all but SLEEP all but SLEEP: first, second
Http\Server in SWOOLE_BASE
set: 0 {"hook_flags":0,"worker_num":1,"log_level":6}
worker: 0 0: first, second
Http\Server in SWOOLE_BASE
set: 512 {"hook_flags":512,"worker_num":1,"log_level":6}
worker: 512 512: second, first
Http\Server in SWOOLE_BASE
set: all but SLEEP {"hook_flags":all but SLEEP,"worker_num":1,"log_level":6}
worker: all but SLEEP all but SLEEP: first, second
Http\Server in SWOOLE_PROCESS
set: 0 {"hook_flags":0,"worker_num":1,"log_level":6}
worker: 0 0: first, second
Http\Server in SWOOLE_PROCESS
set: 512 {"hook_flags":512,"worker_num":1,"log_level":6}
worker: 512 512: second, first
Http\Server in SWOOLE_PROCESS
set: all but SLEEP {"hook_flags":all but SLEEP,"worker_num":1,"log_level":6}
worker: all but SLEEP all but SLEEP: first, second
