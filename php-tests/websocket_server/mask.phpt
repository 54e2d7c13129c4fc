--TEST--
websocket_mask: clients send masked frames unless it is off, servers bare ones whatever it says; both take either
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

/** Reads this many bytes. */
function bytes($socket, int $count): string
{
    for ($got = ''; strlen($got) < $count; $got .= $part) {
        $part = fread($socket, $count - strlen($got));
        if ($part === '' || $part === false) {
            return $got . '(end)';
        }
    }
    return $got;
}

/** Reads a short frame: whether it is masked, its opcode, what it says. */
function frame($socket): string
{
    $head = bytes($socket, 2);
    $length = ord($head[1]) & 0x7f;
    $length = $length === 126 ? unpack('n', bytes($socket, 2))[1] : $length;
    $masked = (ord($head[1]) & 0x80) !== 0;
    $key = $masked ? bytes($socket, 4) : "\0\0\0\0";
    $data = $length === 0 ? '' : bytes($socket, $length) ^ substr(str_repeat($key, intdiv($length, 4) + 1), 0, $length);
    $shown = strlen($data) > 20 ? substr($data, 0, 3) . '... ' . strlen($data) : $data;
    return ($masked ? 'masked' : 'bare') . ' ' . (ord($head[0]) & 15) . " $shown";
}

$code = <<<'PHP'
    $settings = ['log_level' => SWOOLE_LOG_ERROR];
    if (getenv('MASK') !== '') {
        $settings['websocket_mask'] = getenv('MASK') === '1';
    }
    if (getenv('STYLE') === 'coroutine') {
        Swoole\Coroutine\run(static function () use ($settings): void {
            $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
            $server->set($settings);
            $server->handle('/', static function ($request, $response): void {
                $response->upgrade();
                while ($frame = $response->recv()) {
                    $response->push($frame->data);
                }
            });
            $server->start();
        });
        return;
    }
    $server = new Swoole\WebSocket\Server('127.0.0.1', (int) getenv('PORT'), getenv('STYLE') === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set($settings + ['worker_num' => 1]);
    $server->on('message', static function ($server, $frame): void {
        $server->push($frame->fd, $frame->data);
    });
    $server->start();
    PHP;
$long = str_repeat('long', 1000);
foreach (['coroutine', 'base', 'process'] as $style) {
    foreach (['', '0', '1'] as $mask) {
        $server = ServerProcess::start($code, env: ['STYLE' => $style, 'MASK' => $mask]);
        $socket = stream_socket_client("tcp://127.0.0.1:$server->port", timeout: 20);
        stream_set_timeout($socket, 20);
        fwrite($socket, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            . "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        while (!in_array(fgets($socket), ["\r\n", false], true));
        // a bare frame, a masked one, a long one, a ping
        $key = 'abcd';
        fwrite($socket, "\x81\x04bare" . "\x81\x86$key" . ('masked' ^ 'abcdab') . "\x81\x7e" . pack('n', strlen($long)) . $long . "\x89\x04ping");
        $frames = [frame($socket), frame($socket), frame($socket), frame($socket)];
        // in SWOOLE_PROCESS the pong overtakes what the worker says
        sort($frames);
        echo "$style ", $mask === '' ? '-' : $mask, ': ', implode(', ', $frames), "\n";
        $server->stop();
    }
}

foreach ([[], ['websocket_mask' => true], ['websocket_mask' => false]] as $settings) {
    $listener = stream_socket_server('tcp://127.0.0.1:0');
    $port = (int) substr(strrchr(stream_socket_get_name($listener, false), ':'), 1);
    $pid = pcntl_fork();
    if ($pid === 0) {
        $socket = stream_socket_accept($listener, 20);
        stream_set_timeout($socket, 20);
        for ($key = ''; ($line = fgets($socket)) !== "\r\n" && $line !== false;) {
            $key = preg_match('/^Sec-WebSocket-Key: (\S+)/i', $line, $found) ? $found[1] : $key;
        }
        fwrite($socket, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
            . base64_encode(sha1($key . '258EAFA5-E914-47DA-95CA-C5AB0DC85B11', true)) . "\r\n\r\n");
        echo 'client ', json_encode($settings), ': ', frame($socket), ', ', frame($socket), "\n";
        fwrite($socket, "\x81\x82abcd" . ('ok' ^ 'ab'));
        fgets($socket);
        posix_kill(getmypid(), SIGKILL);
    }
    Swoole\Coroutine\run(static function () use ($port, $settings): void {
        $client = new Swoole\Coroutine\Http\Client('127.0.0.1', $port);
        $client->set($settings + ['timeout' => 20]);
        $client->upgrade('/') || exit('no handshake');
        $client->push('hello');
        $client->push('', SWOOLE_WEBSOCKET_OPCODE_PING);
        echo $client->recv(20)->data, "\n";
        $client->close();
    });
    pcntl_waitpid($pid, $status);
}
?>
--EXPECT--
coroutine -: bare 1 bare, bare 1 lon... 4000, bare 1 masked, bare 10 ping
coroutine 0: bare 1 bare, bare 1 lon... 4000, bare 1 masked, bare 10 ping
coroutine 1: bare 1 bare, bare 1 lon... 4000, bare 1 masked, bare 10 ping
base -: bare 1 bare, bare 1 lon... 4000, bare 1 masked, bare 10 ping
base 0: bare 1 bare, bare 1 lon... 4000, bare 1 masked, bare 10 ping
base 1: bare 1 bare, bare 1 lon... 4000, bare 1 masked, bare 10 ping
process -: bare 1 bare, bare 1 lon... 4000, bare 1 masked, bare 10 ping
process 0: bare 1 bare, bare 1 lon... 4000, bare 1 masked, bare 10 ping
process 1: bare 1 bare, bare 1 lon... 4000, bare 1 masked, bare 10 ping
client []: masked 1 hello, masked 9 
ok
client {"websocket_mask":true}: masked 1 hello, masked 9 
ok
client {"websocket_mask":false}: bare 1 hello, bare 9 
ok
