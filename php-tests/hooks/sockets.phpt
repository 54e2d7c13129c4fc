--TEST--
ext/sockets lets other coroutines run: connect, accept, read, receive, large writes, select
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

$server = slow_http_server();
$port = $server->port;
$off = SWOOLE_HOOK_SOCKETS;
show_concurrency('client', static function () use ($port): void {
    $socket = socket_create(AF_INET, SOCK_STREAM, 0);
    expect(socket_connect($socket, '127.0.0.1', $port), 'socket_connect');
    socket_write($socket, "GET / HTTP/1.0\r\nHost: a\r\n\r\n");
    $all = '';
    while (($part = socket_read($socket, 1000)) !== '' && $part !== false) {
        $all .= $part;
    }
    expect(str_ends_with($all, "\r\n\r\nhello"), 'socket_read');
}, $off);
$limited = static function (Closure $call): Closure {
    return static function () use ($call): void {
        $socket = socket_create(AF_INET, SOCK_DGRAM, 0);
        socket_bind($socket, '127.0.0.1');
        socket_set_option($socket, SOL_SOCKET, SO_RCVTIMEO, ['sec' => 0, 'usec' => 200_000]);
        expect(@$call($socket) === false && in_array(socket_last_error($socket), [SOCKET_EAGAIN, SOCKET_ETIMEDOUT], true), 'SO_RCVTIMEO');
    };
};
show_concurrency('socket_recv', $limited(static fn ($socket) => socket_recv($socket, $data, 10, 0)), $off);
show_concurrency('socket_recvfrom', $limited(static function ($socket) {
    return socket_recvfrom($socket, $data, 10, 0, $address, $port);
}), $off);
show_concurrency('socket_select', static function (): void {
    socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $pair);
    $read = [$pair[0]];
    $write = $except = null;
    expect(socket_select($read, $write, $except, 0, 200_000) === 0, 'socket_select');
}, $off);
seconds_of(1, static function (): void {
    $listener = socket_create_listen(0);
    socket_getsockname($listener, $address, $port);
    go(static function () use ($port): void {
        usleep(20_000);
        $socket = socket_create(AF_INET, SOCK_STREAM, 0);
        socket_connect($socket, '127.0.0.1', $port);
        usleep(20_000);
        $got = 0;
        while ($got < 4_000_000) {
            $got += strlen((string) socket_read($socket, 100_000));
        }
        expect(socket_write($socket, 'thanks') === 6, 'socket_write');
        expect(socket_recv($socket, $all, 300_000, MSG_WAITALL) === 300_000, 'MSG_WAITALL');
    });
    $socket = socket_accept($listener);
    echo socket_write($socket, str_repeat('x', 4_000_000)), ' ', socket_read($socket, 100), "\n";
    for ($i = 0; $i < 3; $i++) {
        usleep(10_000);
        socket_write($socket, str_repeat('y', 100_000));
    }
    // Non-blocking ones stay so.
    socket_set_nonblock($socket);
    var_dump(socket_read($socket, 10), socket_last_error($socket) === SOCKET_ETIMEDOUT);
});
--EXPECT--
client: together, in turns without the hook
socket_recv: together, in turns without the hook
socket_recvfrom: together, in turns without the hook
socket_select: together, in turns without the hook
4000000 thanks
bool(false)
bool(true)
