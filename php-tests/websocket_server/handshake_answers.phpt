--TEST--
WebSocket\Server: answers to handshakes that come late, not at all, or say no end the connection; closed in beforeHandshakeResponse it stays closed
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    ini_set('display_errors', '0');
    use Swoole\WebSocket\Server;
    $server = new Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR]);
    $state = static fn (int $fd): string => ($server->getClientInfo($fd)['websocket_status'] ?? 'none') . json_encode($server->isEstablished($fd));
    $server->on('beforeHandshakeResponse', static function (Server $server, $request, $response) use ($state): void {
        echo 'before ', $state($request->fd), ' ', $path = $request->server['request_uri'], "\n";
        match ($path) {
            '/throw' => throw new Exception('no'),
            '/close' => $server->close($request->fd),
            '/redirect' => $response->redirect('/elsewhere'),
            '/upgrade' => @$response->upgrade(),
            '/end' => $response->end(),
            default => null,
        };
    });
    $agree = static function ($request, $response): void {
        $response->status(101);
        $response->header('Upgrade', 'websocket');
        $response->header('Connection', 'Upgrade');
        $response->header('Sec-WebSocket-Accept', base64_encode(sha1($request->header['sec-websocket-key'] . '258EAFA5-E914-47DA-95CA-C5AB0DC85B11', true)));
        $response->end();
    };
    if (getenv('OWN')) {
        $server->on('handshake', static function ($request, $response) use ($server, $agree, $state): bool {
            switch ($request->server['request_uri']) {
                case '/now':
                    $agree($request, $response);
                    echo 'answered ', $state($request->fd), "\n";
                    return true;
                case '/later':
                    Swoole\Timer::after(30, static function () use ($server, $request, $response, $agree): void {
                        $agree($request, $response);
                        $server->push($request->fd, 'late, not never');
                    });
                    return true;
                case '/never':
                    return true;
                case '/no':
                    $response->end('not this time');
                    return true;
                case '/no-later':
                    Swoole\Timer::after(30, static function () use ($response): void {
                        $response->status(403);
                        $response->end();
                    });
                    return true;
            }
        });
    }
    $server->on('open', static function (Server $server, $request) use ($state): void {
        echo 'open ', $state($request->fd), "\n";
    });
    $server->on('message', static function (Server $server, $frame): void {
        $server->push($frame->fd, "$frame->data back");
    });
    foreach (['close', 'disconnect'] as $event) {
        $server->on($event, static function (Server $server, int $fd) use ($event): void {
            echo "$event\n";
        });
    }
    $server->start();
    PHP;

/** What the answer is, how the connection fares, and what the server says meanwhile. */
function ask(ServerProcess $server, string $path, string $without = ''): void
{
    $before = strlen($server->output());
    $socket = connect_to($server->port, 20.0);
    $request = "GET $path HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: " . RawWebSocket::KEY . "\r\n\r\n";
    fwrite($socket, preg_replace("/^$without.*\r\n/m", '', $request, $without === '' ? 0 : 1));
    $answer = read_response($socket);
    echo '  ', $path, ': ', $answer['status'] ?? 'nothing', ' ', $answer['headers']['connection'] ?? '', "\n";
    if (($answer['status'] ?? 0) === 101) {
        fwrite($socket, RawWebSocket::frame('there and'));
        for ($data = ''; !str_contains($data, 'back') && ($part = (string) fread($socket, 100)) !== ''; $data .= $part);
        echo '  ', preg_replace('/[^ -z]+/', '|', $data), "\n";
        fclose($socket);
    } else {
        echo '  ', json_encode(fread($socket, 1) === '' && feof($socket)), "\n";
    }
    for ($end = microtime(true) + 10; !preg_match('/^(close|disconnect)\n/m', substr($server->output(), $before)) && microtime(true) < $end; usleep(2000));
    echo preg_replace('/^PHP.*?on line \d+\n/ms', '', substr($server->output(), $before));
}

foreach (['1', '2'] as $mode) {
    echo "-- mode $mode\n";
    $server = ServerProcess::start($code, env: ['MODE' => $mode, 'OWN' => '']);
    $server->waitForOutput("disconnect\n");
    ask($server, '/key', 'Sec-WebSocket-Key');
    ask($server, '/version', 'Sec-WebSocket-Version');
    foreach (['/fine', '/end', '/upgrade', '/throw', '/redirect'] as $path) {
        ask($server, $path);
    }
    // no answer at all, or that there was none
    ob_start();
    ask($server, '/close');
    echo preg_replace('/(nothing|500).*/', 'closed', ob_get_clean());
    $server->stop();
    $server = ServerProcess::start($code, env: ['MODE' => $mode, 'OWN' => '1']);
    $server->waitForOutput("disconnect\n");
    foreach (['/now', '/later', '/never', '/no', '/no-later'] as $path) {
        ask($server, $path);
    }
    $server->stop();
}
?>
--EXPECT--
-- mode 1
  /key: 400 close
  true
disconnect
  /version: 426 close
  true
disconnect
  /fine: 101 Upgrade
  |there and back
before 3true /fine
open 3true
close
  /end: 101 Upgrade
  |there and back
before 3true /end
open 3true
close
  /upgrade: 101 Upgrade
  |there and back
before 3true /upgrade
open 3true
close
  /throw: 500 close
  true
before 3true /throw
close
  /redirect: 302 Upgrade
  true
before 3true /redirect
close
  /close: closed
  true
before 3true /close
close
  /now: 101 Upgrade
  |there and back
answered 3true
close
  /later: 101 Upgrade
  |late, not never|there and back
close
  /never: 500 close
  true
disconnect
  /no: 200 close
  true
disconnect
  /no-later: 403 close
  true
disconnect
-- mode 2
  /key: 400 close
  true
disconnect
  /version: 426 close
  true
disconnect
  /fine: 101 Upgrade
  |there and back
before 3true /fine
open 3true
close
  /end: 101 Upgrade
  |there and back
before 3true /end
open 3true
close
  /upgrade: 101 Upgrade
  |there and back
before 3true /upgrade
open 3true
close
  /throw: 500 close
  true
before 3true /throw
close
  /redirect: 302 Upgrade
  true
before 3true /redirect
close
  /close: closed
  true
before 3true /close
close
  /now: 101 Upgrade
  |there and back
answered 3true
close
  /later: 101 Upgrade
  |late, not never|there and back
close
  /never: 500 close
  true
disconnect
  /no: 200 close
  true
disconnect
  /no-later: 403 close
  true
disconnect
