--TEST--
PyPI's h2 and websockets as the client of WebSocket over HTTP/2 (RFC 8441), on all kinds of servers, with and without TLS
--EXTENSIONS--
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

$code = <<<'PHP'
    [$mode, $folder, $port] = [(int) getenv('MODE'), getenv('FOLDER'), (int) getenv('PORT')];
    $settings = ['open_http2_protocol' => true, 'websocket_subprotocol' => 'chat', 'websocket_compression' => ['context_takeover' => true],
        'package_max_length' => 1 << 20, 'log_level' => SWOOLE_LOG_NONE];
    if (getenv('TLS')) {
        $settings += ['ssl_cert_file' => "$folder/localhost.crt", 'ssl_key_file' => "$folder/localhost.key"];
    }
    $answer = static fn ($request, $response) => $response->end($request->server['server_protocol']);
    if ($mode === 0) {
        Swoole\Coroutine\run(static function () use ($settings, $answer, $port): void {
            $server = new Swoole\Coroutine\Http\Server('127.0.0.1', $port, (bool) getenv('TLS'));
            $server->set($settings);
            $server->handle('/', static function ($request, $response) use ($answer): void {
                if (!isset($request->header['upgrade'])) {
                    $answer($request, $response);
                    return;
                }
                $response->upgrade();
                while (is_object($frame = $response->recv(-1))) {
                    if ($frame->data === 'ping me') {
                        $response->ping('server');
                    }
                    $frame->data === 'end' ? $response->disconnect(4001, 'as you wish') : $response->push($frame->data, $frame->opcode);
                }
            });
            $server->start();
        });
        exit;
    }
    $server = new Swoole\WebSocket\Server('127.0.0.1', $port, $mode, SWOOLE_SOCK_TCP | (getenv('TLS') ? SWOOLE_SSL : 0));
    $server->set($settings + ['worker_num' => 2]);
    $server->on('message', static function ($server, $frame): void {
        if ($frame->data === 'ping me') {
            $server->ping($frame->fd, 'server');
        }
        $frame->data === 'end' ? $server->disconnect($frame->fd, 4001, 'as you wish') : $server->push($frame->fd, $frame->data, $frame->opcode);
    });
    $server->on('request', $answer);
    $server->start();
    PHP;
$suite = escapeshellarg(__DIR__ . '/../include/websocket_http2_suite.py');
$python = python_with('h2, websockets');
$folder = certificates();
foreach (['coroutine' => '0', 'SWOOLE_BASE' => '1', 'SWOOLE_PROCESS' => '2'] as $name => $mode) {
    foreach (['' => '', ', TLS' => 'tls'] as $how => $word) {
        echo "-- $name$how\n";
        $server = ServerProcess::start($code, env: ['MODE' => $mode, 'TLS' => $word ? '1' : '0', 'FOLDER' => $folder]);
        passthru("timeout 300 $python $suite $server->port $word 2>&1");
        $server->stop();
    }
}
?>
--EXPECT--
-- coroutine
messages fine
pings fine
terms fine
ends fine
protocols fine
crowd fine
-- coroutine, TLS
messages fine
pings fine
terms fine
ends fine
protocols fine
crowd fine
-- SWOOLE_BASE
messages fine
pings fine
terms fine
ends fine
protocols fine
crowd fine
-- SWOOLE_BASE, TLS
messages fine
pings fine
terms fine
ends fine
protocols fine
crowd fine
-- SWOOLE_PROCESS
messages fine
pings fine
terms fine
ends fine
protocols fine
crowd fine
-- SWOOLE_PROCESS, TLS
messages fine
pings fine
terms fine
ends fine
protocols fine
crowd fine
