--TEST--
Socket streams wait together: clients, HTTP by address and by name, pairs, datagrams, Unix sockets
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

$server = slow_http_server();
$port = $server->port;
$off = SWOOLE_HOOK_TCP;
show_concurrency('stream_socket_client', static function () use ($port): void {
    $stream = stream_socket_client("tcp://127.0.0.1:$port");
    fwrite($stream, "GET / HTTP/1.0\r\nHost: a\r\n\r\n");
    expect(str_ends_with(stream_get_contents($stream), "\r\n\r\nhello"), 'stream_get_contents');
}, $off);
show_concurrency('file_get_contents', static function () use ($port): void {
    expect(file_get_contents("http://127.0.0.1:$port/") === 'hello', 'file_get_contents');
}, $off);
show_concurrency('by name', static function () use ($port): void {
    expect(file_get_contents("http://localhost:$port/") === 'hello', 'file_get_contents');
}, $off);
$pair = static function (int $type): Closure {
    return static function () use ($type): void {
        [$ours, $theirs] = stream_socket_pair(STREAM_PF_UNIX, $type, 0);
        stream_set_timeout($ours, 0, 200_000);
        expect(fread($ours, 10) === false && stream_get_meta_data($ours)['timed_out'], 'time-out');
        fwrite($theirs, "line\n");
        expect(fgets($ours) === "line\n", 'fgets');
    };
};
show_concurrency('pair of streams', $pair(STREAM_SOCK_STREAM), SWOOLE_HOOK_UNIX);
show_concurrency('pair of datagrams', $pair(STREAM_SOCK_DGRAM), SWOOLE_HOOK_UDG);
show_concurrency('udp', static function (int $i): void {
    // PHP allows its datagram servers to share a port, so each has an address of its own.
    $socket = stream_socket_server('udp://127.77.1.' . ($i + 1) . ':0', $errno, $error, STREAM_SERVER_BIND);
    stream_set_timeout($socket, 0, 200_000);
    expect(fread($socket, 10) === false, 'time-out');
    $peer = stream_socket_client('udp://' . stream_socket_get_name($socket, false));
    fwrite($peer, 'datagram');
    expect(fread($socket, 10) === 'datagram', 'fread');
}, SWOOLE_HOOK_UDP);
show_concurrency('accept', static function (): void {
    $socket = stream_socket_server('tcp://127.0.0.1:0');
    expect(@stream_socket_accept($socket, 0.2) === false, 'time-out');
    $peer = stream_socket_client('tcp://' . stream_socket_get_name($socket, false));
    expect(is_resource(stream_socket_accept($socket, 1)), 'stream_socket_accept');
}, $off);
--EXPECT--
stream_socket_client: together, in turns without the hook
file_get_contents: together, in turns without the hook
by name: together, in turns without the hook
pair of streams: together, in turns without the hook
pair of datagrams: together, in turns without the hook
udp: together, in turns without the hook
accept: together, in turns without the hook
