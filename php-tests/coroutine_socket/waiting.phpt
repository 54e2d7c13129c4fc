--TEST--
one coroutine waits in each direction: a second is refused; cancel(), Coroutine::cancel() and close() end the wait
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Socket;

function show(string $what, mixed $value, Socket $socket): void
{
    printf("%-16s %s [%d %s]\n", $what, json_encode($value), $socket->errCode, $socket->errMsg);
}

function attempt(callable $what): void
{
    try {
        $what();
    } catch (Throwable $error) {
        echo get_class($error), ' ', $error->getCode(), ': ', preg_replace('/#\d+/', '#N', $error->getMessage()), "\n";
    }
}

Coroutine\run(static function (): void {
    [$socket, $other] = swoole_coroutine_socketpair(AF_UNIX, SOCK_STREAM, 0);
    $reader = Coroutine::getCid();
    Coroutine::create(static function () use ($socket, $reader): void {
        Coroutine::sleep(0.01);
        var_dump($socket->getBoundCid(SWOOLE_EVENT_READ) === $reader, $socket->getBoundCid(SWOOLE_EVENT_WRITE));
        attempt(fn () => $socket->recv());
        attempt(fn () => $socket->connect('/tmp'));
        show('send', $socket->send('both directions at once'), $socket);
        var_dump($socket->cancel(SWOOLE_EVENT_WRITE), $socket->cancel());
    });
    show('cancel()', $socket->recv(), $socket);
    Coroutine::create(static function () use ($reader): void {
        Coroutine::sleep(0.01);
        var_dump(Coroutine::cancel($reader));
    });
    show('Coroutine', $socket->recvAll(10), $socket);
    Coroutine::create(static function () use ($socket): void {
        Coroutine::sleep(0.01);
        show('close()', $socket->close(), $socket);
    });
    show('closed', $socket->recv(), $socket);
    show('after it', $socket->send('x'), $socket);
    show('received', $other->recv(), $other);
    $socket = null;
    Coroutine::create(static function () use ($other): void {
        // More than fits: it waits for room.
        [$left, $right] = swoole_coroutine_socketpair(AF_UNIX, SOCK_STREAM, 0);
        show('no room', $left->sendAll(str_repeat('x', 1 << 22), 0.01) < 1 << 22, $left);
        show('no room', $left->send('x', 0.01), $left);
    });
    show('the end', $other->recv(), $other);
});
attempt(function (): void {
    [$left, $right] = swoole_coroutine_socketpair(AF_UNIX, SOCK_STREAM, 0);
    $left->recv();
});
attempt(fn () => new Socket(999, 1, 0));
attempt(fn () => (new class extends Socket { public function __construct() {} })->recv());
attempt(fn () => (new Socket(AF_INET, SOCK_STREAM, 0))->__construct(AF_INET, SOCK_STREAM, 0));
?>
--EXPECT--
bool(true)
int(0)
Swoole\Error 10002: Socket#N has already been bound to another coroutine#N, reading of the same socket in coroutine#N at the same time is not allowed
Swoole\Error 10002: Socket#N has already been bound to another coroutine#N, reading of the same socket in coroutine#N at the same time is not allowed
send             23 [0 ]
cancel()         false [125 Operation canceled]
bool(false)
bool(true)
Coroutine        false [125 Operation canceled]
bool(true)
closed           false [125 Operation canceled]
after it         false [10019 Coroutine socket close wait]
received         "both directions at once" [0 ]
the end          "" [0 ]
close()          true [10019 Coroutine socket close wait]
no room          true [110 Connection timed out]
no room          false [110 Connection timed out]
Swoole\Error 10001: API must be called in the coroutine
Swoole\Coroutine\Socket\Exception 97: new Socket() failed. Error: Address family not supported by protocol [97]
Swoole\Error 509: must call constructor first
Error 0: Constructor of Swoole\Coroutine\Socket can only be called once

Deprecated: swoole_event_rshutdown(): Event::wait() in shutdown function is deprecated in Unknown on line 0
