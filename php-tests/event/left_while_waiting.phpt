--TEST--
Event::exit() while coroutines wait for the system: they do not come back by themselves, but can be cancelled in the next loop
--EXTENSIONS--
posix
--FILE--
<?php
use Swoole\Coroutine;
use Swoole\Coroutine\System;

// One thread, so that reads are left in the queue.
swoole_async_set(['aio_core_worker_num' => 1, 'aio_worker_num' => 1, 'enable_deadlock_check' => false]);
Coroutine::set(['enable_deadlock_check' => false]);
[$near, $far] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
// Nobody ever writes here.
$silent = tempnam(sys_get_temp_dir(), 'steelwool');
unlink($silent);
posix_mkfifo($silent, 0600);
$ended = [];
Coroutine\run(function () use ($near, $far, $silent, &$ended) {
    $wait = static function (string $what, Closure $body) use (&$ended): void {
        Coroutine::create(static function () use ($what, $body, &$ended): void {
            $body();
            $ended[] = $what;
        });
    };
    $wait('accept', static function () {
        $socket = new Coroutine\Socket(AF_INET, SOCK_STREAM);
        $socket->bind('127.0.0.1');
        $socket->listen();
        $socket->accept(10);
    });
    $wait('fread', static fn () => fread($near, 10));
    $wait('signal', static fn () => System::waitSignal(SIGUSR2));
    $wait('event', static fn () => System::waitEvent($far, SWOOLE_EVENT_READ, 10));
    $wait('sleep', static fn () => Coroutine::sleep(10));
    $wait('serve', static function () {
        $server = new Coroutine\Http\Server('127.0.0.1', 0);
        $server->handle('/', static fn () => null);
        $server->start();
    });
    for ($i = 0; $i < 20; $i++) {
        $wait('read', static fn () => System::readFile($silent));
    }
    Coroutine::sleep(0.001);
    Swoole\Event::exit();
});
echo "left\n";
$before = $ended;
Coroutine\run(function () use (&$ended, $before) {
    Coroutine::sleep(0.01);
    var_dump($ended === $before);
    foreach (Coroutine::listCoroutines() as $id) {
        $id === Coroutine::getCid() || Coroutine::cancel($id);
    }
    var_dump(Coroutine::stats()['coroutine_num'], count($ended));
});
unlink($silent);
echo "end\n";
?>
--EXPECT--
left
bool(true)
int(1)
int(26)
end
