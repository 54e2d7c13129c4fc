--TEST--
WebSocket\Server over HTTP/2: handshakes by PHP code, refusals, sub-protocols and compression, with and without TLS; who is refused disconnects
--EXTENSIONS--
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/RawHttp2.php';
require __DIR__ . '/../include/certificates.php';

$code = <<<'PHP'
    use Swoole\WebSocket\Server;
    $tls = (string) getenv('FOLDER') !== '';
    $server = new Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'), SWOOLE_SOCK_TCP | ($tls ? SWOOLE_SSL : 0));
    $server->set(['worker_num' => 1, 'open_http2_protocol' => true, 'log_level' => SWOOLE_LOG_NONE, 'websocket_subprotocol' => 'chat',
        'websocket_compression' => true]);
    $tls && $server->set(['ssl_cert_file' => getenv('FOLDER') . '/localhost.crt', 'ssl_key_file' => getenv('FOLDER') . '/localhost.key']);
    $server->on('handshake', static function ($request, $response) use ($server): bool {
        if ($request->server['request_uri'] !== '/yes') {
            $response->status((int) substr($request->server['request_uri'], 1));
            $response->end("no $request->fd");
            return false;
        }
        $response->header('Upgrade', 'websocket');
        $response->header('Connection', 'Upgrade');
        $response->header('Sec-WebSocket-Accept', base64_encode(sha1($request->header['sec-websocket-key'] . '258EAFA5-E914-47DA-95CA-C5AB0DC85B11', true)));
        $response->header('Sec-WebSocket-Version', '13');
        $response->status(101);
        $response->end();
        $server->push($request->fd, 'by hand');
        return true;
    });
    $server->on('message', static fn (Server $server, $frame) => $server->push($frame->fd, $frame->data));
    $server->on('disconnect', static fn (Server $server, int $fd) => print("disconnect $fd\n"));
    $server->start();
    PHP;
$folder = certificates();
foreach (['tcp', 'tls'] as $scheme) {
    foreach (['1', '2'] as $mode) {
        echo "-- $scheme, mode $mode\n";
        $server = ServerProcess::start($code, env: ['MODE' => $mode, 'FOLDER' => $scheme === 'tls' ? $folder : '']);
        $client = new RawHttp2($server->port, $scheme);
        $client->connect(1, '/yes', more: ['sec-websocket-protocol' => 'talk, chat', 'sec-websocket-extensions' => 'permessage-deflate']);
        echo $client->next(1), "\n", strlen($client->next(1)), "\n";
        $client->say(1, str_repeat('squeezed ', 10));
        echo bin2hex($client->last[0]), strlen($client->last) < 60 ? ' compressed' : ' plain', "\n";
        $client->connect(3, '/400');
        echo $client->next(3), ' ', preg_replace('/\d+,/', 'fd,', $one = $client->next(3)), "\n";
        $client->connect(5, '/200');
        echo $client->next(5), ' ', preg_replace('/\d+,/', 'fd,', $two = $client->next(5)), "\n";
        foreach ([$one, $two] as $said) {
            preg_match('/(\d+),/', $said, $found);
            $server->waitForOutput("disconnect $found[1]\n", 30) or print("no disconnect\n");
        }
        echo $client->say(1, 'still there') === '' ? '' : "another one goes on\n";
        $server->stop();
    }
}
?>
--EXPECT--
-- tcp, mode 1
1: status 200
22
c1 compressed
3: status 400 3: data 6e6f  fd, end
5: status 403 5: data 6e6f  fd, end
another one goes on
-- tcp, mode 2
1: status 200
22
c1 compressed
3: status 400 3: data 6e6f  fd, end
5: status 403 5: data 6e6f  fd, end
another one goes on
-- tls, mode 1
1: status 200
22
c1 compressed
3: status 400 3: data 6e6f  fd, end
5: status 403 5: data 6e6f  fd, end
another one goes on
-- tls, mode 2
1: status 200
22
c1 compressed
3: status 400 3: data 6e6f  fd, end
5: status 403 5: data 6e6f  fd, end
another one goes on
