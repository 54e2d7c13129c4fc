--TEST--
messages, files and options
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Socket;

function show(string $what, mixed $value, Socket $socket): void
{
    printf("%-10s %s [%d %s]\n", $what, json_encode($value), $socket->errCode, $socket->errMsg);
}

Coroutine\run(static function (): void {
    $receiver = new Socket(AF_INET, SOCK_DGRAM, 0);
    $receiver->bind('127.0.0.1');
    $sender = new Socket(AF_INET, SOCK_DGRAM, 0);
    $port = $receiver->getsockname()['port'];
    show('sendto', $sender->sendto('localhost', $port, 'message'), $sender);
    $peer = 'old';
    show('recvfrom', $receiver->recvfrom($peer), $receiver);
    var_dump($peer === ['address' => '127.0.0.1', 'port' => $sender->getsockname()['port']]);
    show('nothing', $receiver->recvfrom($peer, 0.01), $receiver);
    show('port', $sender->sendto('127.0.0.1', 99999, 'x'), $sender);
    show('long', $sender->sendto('127.0.0.1', $port, str_repeat('x', 100000)), $sender);

    [$left, $right] = swoole_coroutine_socketpair(AF_UNIX, SOCK_STREAM, 0);
    show('stream', $left->sendto('/nowhere', 0, 'x'), $left);
    $file = tempnam(sys_get_temp_dir(), 'steelwool-');
    file_put_contents($file, $content = random_bytes(3 << 20));
    Coroutine::create(static function () use ($left, $file): void {
        show('file', $left->sendFile($file), $left);
        show('part', $left->sendFile($file, 10, 5), $left);
        show('no file', $left->sendFile('/nowhere/at/all'), $left);
        unlink($file);
        $left->close();
    });
    var_dump($right->recvAll(3 << 20) === $content, $right->recvAll() === substr($content, 10, 5), $right->recv());

    $socket = new Socket(AF_INET, SOCK_STREAM, 0);
    var_dump($socket->getOption(SOL_TCP, TCP_NODELAY));
    var_dump($socket->setOption(SOL_SOCKET, SO_RCVTIMEO, ['sec' => 0, 'usec' => 1500]));
    echo json_encode($socket->getOption(SOL_SOCKET, SO_RCVTIMEO)), json_encode($socket->getOption(SOL_SOCKET, SO_SNDTIMEO)), "\n";
    var_dump($socket->setOption(SOL_SOCKET, SO_SNDTIMEO, ['sec' => 1]));
    var_dump($socket->setOption(SOL_SOCKET, SO_LINGER, ['l_onoff' => 1, 'l_linger' => 2]));
    echo json_encode($socket->getOption(SOL_SOCKET, SO_LINGER)), "\n";
    var_dump($socket->setOption(SOL_SOCKET, SO_REUSEPORT, true), $socket->getOption(SOL_SOCKET, SO_REUSEPORT));
    var_dump($socket->getOption(SOL_TCP, TCP_INFO)['state'], $socket->getOption(SOL_SOCKET, 9999));
    foreach ([1, ['l_onoff' => 1, 'l_linger' => -1]] as $wrong) {
        try {
            $socket->setOption(SOL_SOCKET, SO_LINGER, $wrong);
        } catch (Error $error) {
            echo get_class($error), ': ', $error->getMessage(), "\n";
        }
    }
    var_dump($receiver->setOption(IPPROTO_IP, MCAST_JOIN_GROUP, ['group' => '224.10.20.30', 'interface' => 'lo']));
    var_dump($receiver->setOption(IPPROTO_IP, IP_MULTICAST_IF, 'lo'), $receiver->getOption(IPPROTO_IP, IP_MULTICAST_IF));
});
?>
--EXPECTF--
sendto     7 [0 ]
recvfrom   "message" [0 ]
bool(true)
nothing    false [110 Connection timed out]
port       false [723 Bad port]
long       false [90 Message too long]
stream     false [93 Protocol not supported]
file       true [93 Protocol not supported]
part       true [93 Protocol not supported]
no file    false [2 open(/nowhere/at/all) failed, No such file or directory]
bool(true)
bool(true)
string(0) ""
int(1)
bool(true)
{"sec":0,"usec":1500}{"sec":60,"usec":0}

Warning: Swoole\Coroutine\Socket::setOption(): no key "usec" passed in optval in %s on line %d
bool(false)
bool(true)
{"l_onoff":1,"l_linger":2}
bool(true)
int(1)

Warning: Swoole\Coroutine\Socket::getOption(): getsockopt(%d, 1, 9999), Error: Protocol not available[92] in %s on line %d
int(7)
bool(false)
TypeError: Swoole\Coroutine\Socket::setOption(): Argument #3 ($opt_value) must be of type array when argument $option is SO_LINGER, int given
ValueError: Swoole\Coroutine\Socket::setOption(): Argument #3 ($opt_value) "l_linger" must be between 0 and 65535
bool(true)
bool(true)
int(1)
