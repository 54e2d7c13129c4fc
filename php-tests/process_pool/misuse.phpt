--TEST--
What cannot be done is refused in Swoole's words
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

use Swoole\Process\Pool;

function attempt(callable $what): void
{
    try {
        var_dump($what());
    } catch (Throwable $thrown) {
        echo get_class($thrown), ' ', $thrown->getCode(), ': ', $thrown->getMessage(), "\n";
    }
}

attempt(static fn () => new Pool(0));
attempt(static fn () => new Pool(16384));
attempt(static fn () => new Pool(PHP_INT_MAX));
attempt(static fn () => new Pool(1, SWOOLE_IPC_SOCKET, 0, true));
$pool = new Pool(1);
attempt(static fn () => clone $pool);
attempt(static fn () => serialize($pool));
attempt(static fn () => $pool->on('message', static fn () => null));
attempt(static fn () => $pool->on('nothing', static fn () => null));
attempt(static fn () => $pool->listen('127.0.0.1'));
attempt(static fn () => $pool->write('x'));
attempt(static fn () => $pool->sendMessage('x', 0));
attempt(static fn () => $pool->getProcess());
attempt(static fn () => $pool->detach());
attempt(static fn () => $pool->shutdown());
attempt(static fn () => $pool->stop());
$pool->on('workerExit', static fn () => null);
attempt(static fn () => $pool->start());
$pool = new Pool(1, SWOOLE_IPC_SOCKET);
$pool->on('message', static fn () => null);
attempt(static fn () => @$pool->start());

$pool = new Pool(1);
$pool->on('start', static function (Pool $pool): void {
    attempt(static fn () => new Pool(1));
    attempt(static fn () => $pool->start());
    attempt(static fn () => $pool->on('start', static fn () => null));
    attempt(static fn () => $pool->getProcess(1));
});
$pool->on('workerStart', static function (Pool $pool): void {
    $pool->shutdown();
    sleep(10);
});
attempt(static fn () => $pool->start());
show_php('$pool = new Swoole\Process\Pool(1, SWOOLE_IPC_UNIXSOCK); $pool->start();');
show_php('$pool = new Swoole\Process\Pool(1, 0, 0, true); $pool->start();');

?>
--EXPECTF--
Swoole\Exception 0: the parameter $worker_num must be greater than 0
Swoole\Exception 0: failed to create process pool
Swoole\Exception 0: failed to create process pool
Error 0: the parameter $ipc_type must be SWOOLE_IPC_UNIXSOCK when enable coroutine
Error 0: Trying to clone an uncloneable object of class Swoole\Process\Pool
Exception 0: Serialization of 'Swoole\Process\Pool' is not allowed
Swoole\Exception 505: cannot set `onMessage` event with ipc_type=0

Warning: Swoole\Process\Pool::on(): unknown event type[nothing] in %s on line %d
bool(false)

Warning: Swoole\Process\Pool::listen(): unsupported ipc type[0] in %s on line %d
bool(false)

Warning: Swoole\Process\Pool::write(): unsupported ipc type[0] in %s on line %d
bool(false)

Warning: Swoole\Process\Pool::sendMessage(): process pool is not started. in %s on line %d
bool(false)
bool(false)
bool(false)
Swoole\Exception 505: The process pool is not started
NULL
Swoole\Exception 505: cannot set `onWorkerExit` without enable_coroutine
[%s]	WARNING	ProcessPool::start_check() (ERRNO 509): must first listen to an tcp port
bool(false)
Error 0: A process pool instance has already been created and cannot be created again

Warning: Swoole\Process\Pool::start(): process pool is started in %s on line %d
bool(false)

Warning: Swoole\Process\Pool::on(): process pool is started. unable to register event callback function in %s on line %d
bool(false)

Warning: Swoole\Process\Pool::getProcess(): invalid worker_id[1] in %s on line %d
bool(false)
NULL

Fatal error: Swoole\Process\Pool::start(): require 'onMessage' callback in %s on line 2
exit code 255

Fatal error: Swoole\Process\Pool::start(): require 'onWorkerStart' callback in %s on line 2
exit code 255
