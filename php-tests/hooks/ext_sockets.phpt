--TEST--
ext/sockets in coroutines: failures are quiet, a time-out is ETIMEDOUT, length 0 is everything; outside it is as PHP has it
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

set_error_handler(static function (int $level, string $text): bool {
    echo "warning: ", preg_replace('/\(\d+\)/', '(fd)', $text), "\n";
    return true;
});

/** Runs it, and says what it threw. */
function attempt(Closure $call): mixed
{
    try {
        return $call();
    } catch (Error $error) {
        return get_class($error) . ': ' . $error->getMessage();
    }
}

$calls = static function (): void {
    $socket = socket_create(AF_INET, SOCK_STREAM, SOL_TCP);
    var_dump(socket_connect($socket, '127.0.0.1', 1), socket_last_error($socket) === SOCKET_ECONNREFUSED);
    var_dump(socket_accept($socket), socket_getpeername($socket, $address), $address);
    var_dump(socket_listen(socket_create(AF_UNIX, SOCK_STREAM, 0)));

    $linger = ['l_onoff' => 1, 'l_linger' => 1];
    var_dump(attempt(static fn () => socket_set_option($socket, SOL_SOCKET, SO_LINGER, ['l_onoff' => 1])));
    var_dump(socket_set_option($socket, SOL_SOCKET, SO_LINGER, $linger));
    var_dump(attempt(static fn () => socket_set_option($socket, SOL_SOCKET, SO_RCVTIMEO, ['usec' => 1])));
    var_dump(socket_set_option($socket, SOL_SOCKET, SO_BINDTODEVICE, 'no-such-device'));
    $datagrams = socket_create(AF_INET, SOCK_DGRAM, SOL_UDP);
    var_dump(attempt(static fn () => socket_set_option($datagrams, IPPROTO_IP, IP_MULTICAST_TTL, 256)));
    socket_close($socket);
    foreach ([socket_set_block(...), socket_set_nonblock(...)] as $call) {
        var_dump(attempt(static fn () => $call($socket)));
    }

    $pair = [];
    socket_create_pair(AF_UNIX, SOCK_STREAM, 0, $pair);
    [$near, $far] = $pair;
    var_dump($sent = socket_send($near, 'everything', 0, 0));
    if ($sent > 0) {
        var_dump(socket_read($far, 100));
    }
    $limit = ['sec' => 0, 'usec' => 10_001];
    socket_set_option($far, SOL_SOCKET, SO_RCVTIMEO, $limit);
    if ($sent > 0) {
        // Not as the kernel rounds it.
        expect(socket_get_option($far, SOL_SOCKET, SO_RCVTIMEO) === $limit, 'time limit');
    }
    $start = microtime(true);
    var_dump(socket_recv($far, $data, 100, 0), socket_strerror(socket_last_error($far)));
    expect(microtime(true) - $start < 2, 'time');
    socket_set_nonblock($far);
    var_dump(socket_recv($far, $data, 100, 0), socket_strerror(socket_last_error($far)));
    socket_set_block($far);
    socket_write($near, 'now');
    var_dump(socket_recv($far, $data, 100, 0), $data);
};
seconds_of(1, $calls);
echo "-- without the hook --\n";
seconds_of(1, $calls, SWOOLE_HOOK_ALL & ~SWOOLE_HOOK_SOCKETS);

echo "-- a stream that can be read and written is one --\n";
foreach ([SWOOLE_HOOK_ALL, SWOOLE_HOOK_ALL & ~SWOOLE_HOOK_STREAM_FUNCTION] as $flags) {
    seconds_of(1, static function (): void {
        $pair = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        fwrite($pair[1], 'x');
        $read = $write = [$pair[0]];
        $none = null;
        var_dump(stream_select($read, $write, $none, 1), count($read), count($write));
    }, $flags);
}
--EXPECT--
bool(false)
bool(true)
bool(false)
bool(false)
NULL
bool(false)
warning: Swoole\Coroutine\Socket::setOption(): no key "l_linger" passed in optval
bool(false)
bool(true)
warning: Swoole\Coroutine\Socket::setOption(): no key "sec" passed in optval
bool(false)
warning: Swoole\Coroutine\Socket::setOption(): setsockopt(fd) failed, Error: No such device[19]
bool(false)
warning: Swoole\Coroutine\Socket::setOption(): Expected a value between 0 and 255
bool(false)
bool(false)
bool(false)
int(10)
string(10) "everything"
bool(false)
string(20) "Connection timed out"
bool(false)
string(20) "Connection timed out"
int(3)
string(3) "now"
-- without the hook --
warning: socket_connect(): unable to connect [111]: Connection refused
bool(false)
bool(true)
warning: socket_accept(): unable to accept incoming connection [22]: Invalid argument
warning: socket_getpeername(): unable to retrieve peer name [107]: Transport endpoint is not connected
bool(false)
bool(false)
NULL
warning: socket_listen(): unable to listen on socket [22]: Invalid argument
bool(false)
string(78) "ValueError: socket_set_option(): Argument #4 ($value) must have key "l_linger""
bool(true)
string(73) "ValueError: socket_set_option(): Argument #4 ($value) must have key "sec""
warning: socket_set_option(): Unable to set socket option [19]: No such device
bool(false)
string(79) "ValueError: socket_set_option(): Argument #4 ($value) must be between 0 and 255"
string(72) "Error: socket_set_block(): Argument #1 ($socket) has already been closed"
string(75) "Error: socket_set_nonblock(): Argument #1 ($socket) has already been closed"
int(0)
bool(false)
string(32) "Resource temporarily unavailable"
bool(false)
string(32) "Resource temporarily unavailable"
int(3)
string(3) "now"
-- a stream that can be read and written is one --
int(1)
int(1)
int(1)
int(2)
int(1)
int(1)
