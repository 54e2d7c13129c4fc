--TEST--
HTTP/2 by "Upgrade: h2c": the request is answered on stream 1, others follow; who asks wrongly is answered in HTTP/1.1, who goes on wrongly by the end
--EXTENSIONS--
curl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    $settings = ['open_http2_protocol' => getenv('HTTP2') === 'on', 'log_level' => SWOOLE_LOG_NONE];
    $answer = static function ($request, $response): void {
        [$get, $header] = [$request->get, $request->header];
        $long = strlen($header['x-long'] ?? '');
        $response->end("{$request->server['server_protocol']} {$request->server['request_method']} {$request->server['request_uri']} $request->streamId"
            . " get={$get['a']} cookie=" . json_encode($request->cookie) . " host=" . strstr($header['host'], ':', true) . " long=$long\n");
    };
    if (getenv('STYLE') === 'coroutine') {
        Swoole\Coroutine\run(static function () use ($settings, $answer, $argv): void {
            $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) $argv[1]);
            $server->set($settings);
            $server->handle('/', $answer);
            $server->start();
        });
        exit;
    }
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], getenv('STYLE') === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set($settings + ['worker_num' => 1]);
    $server->on('request', $answer);
    $server->start();
    PHP;

const SETTINGS = 'AAMAAABkAAQAAP__';

function ask(ServerProcess $server, string $fields, string $more = ''): string
{
    $client = connect_to($server->port, 20);
    fwrite($client, "GET /raw?a=1 HTTP/1.1\r\nHost: here:1\r\n$fields\r\n$more");
    return (string) stream_get_contents($client);
}

foreach (['coroutine', 'base', 'process'] as $style) {
    echo "$style\n";
    $server = ServerProcess::start($script, env: ['STYLE' => $style, 'HTTP2' => 'on']);
    $handle = curl_init();
    curl_setopt_array($handle, [CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_2_0, CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 20]);
    foreach (['one', 'two'] as $number => $path) {
        curl_setopt_array($handle, [
            CURLOPT_URL => "http://127.0.0.1:$server->port/$path?a=b",
            CURLOPT_COOKIE => 'x=1; y=2',
            CURLOPT_HTTPHEADER => $number === 0 ? ['X-Long: ' . str_repeat('l', 20_000)] : [],
        ]);
        echo curl_exec($handle), curl_error($handle);
    }
    unset($handle);
    if ($style !== 'coroutine') {
        continue;
    }
    // curl's one stream with a body asks as well; it goes on in HTTP/1.1
    $handle = curl_init("http://127.0.0.1:$server->port/body?a=b");
    curl_setopt_array($handle, [CURLOPT_HTTP_VERSION => CURL_HTTP_VERSION_2_0, CURLOPT_RETURNTRANSFER => true, CURLOPT_POSTFIELDS => 'body', CURLOPT_TIMEOUT => 20]);
    echo curl_exec($handle), curl_error($handle);
    $asks = ['Upgrade: h2c', 'Connection: close, Upgrade, HTTP2-Settings', 'HTTP2-Settings: ' . SETTINGS];
    foreach (
        [
            'no settings' => [...array_slice($asks, 0, 2)],
            'settings twice' => [...$asks, $asks[2]],
            'no settings, but text' => [$asks[0], $asks[1], 'HTTP2-Settings: a b'],
            'another protocol' => ['Upgrade: websocket', $asks[1], $asks[2]],
            'not named in Connection' => [$asks[0], 'Connection: close, Upgrade', $asks[2]],
        ] as $name => $lines
    ) {
        [$head, $body] = explode("\r\n\r\n", ask($server, implode("\r\n", $lines) . "\r\n"), 2);
        echo "$name: ", strtok($head, "\r"), ', ', $body;
    }
    $preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    foreach (
        [
            'HTTP/1.1 behind it' => "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
            'another frame first' => "$preface\0\0\x08\x06\0\0\0\0\0" . '12345678',
            'settings that are too long' => "$preface\0\x50\0\x04\0\0\0\0\0",
        ] as $name => $more
    ) {
        echo "$name: ", str_replace("\r\n", '|', ask($server, implode("\r\n", $asks) . "\r\n", $more)), "\n";
    }
}
$server = ServerProcess::start($script, env: ['STYLE' => 'base', 'HTTP2' => 'off']);
[$head, $body] = explode("\r\n\r\n", ask($server, "Upgrade: h2c\r\nConnection: close, Upgrade, HTTP2-Settings\r\nHTTP2-Settings: " . SETTINGS . "\r\n"), 2);
echo 'not spoken here: ', strtok($head, "\r"), ', ', $body;
?>
--EXPECT--
coroutine
HTTP/2 GET /one 1 get=b cookie={"x":"1","y":"2"} host=127.0.0.1 long=20000
HTTP/2 GET /two 3 get=b cookie={"x":"1","y":"2"} host=127.0.0.1 long=0
HTTP/1.1 POST /body 0 get=b cookie=null host=127.0.0.1 long=0
no settings: HTTP/1.1 200 OK, HTTP/1.1 GET /raw 0 get=1 cookie=null host=here long=0
settings twice: HTTP/1.1 200 OK, HTTP/1.1 GET /raw 0 get=1 cookie=null host=here long=0
no settings, but text: HTTP/1.1 200 OK, HTTP/1.1 GET /raw 0 get=1 cookie=null host=here long=0
another protocol: HTTP/1.1 200 OK, HTTP/1.1 GET /raw 0 get=1 cookie=null host=here long=0
not named in Connection: HTTP/1.1 200 OK, HTTP/1.1 GET /raw 0 get=1 cookie=null host=here long=0
HTTP/1.1 behind it: HTTP/1.1 101 Switching Protocols|Connection: Upgrade|Upgrade: h2c||
another frame first: HTTP/1.1 101 Switching Protocols|Connection: Upgrade|Upgrade: h2c||
settings that are too long: HTTP/1.1 101 Switching Protocols|Connection: Upgrade|Upgrade: h2c||
base
HTTP/2 GET /one 1 get=b cookie={"x":"1","y":"2"} host=127.0.0.1 long=20000
HTTP/2 GET /two 3 get=b cookie={"x":"1","y":"2"} host=127.0.0.1 long=0
process
HTTP/2 GET /one 1 get=b cookie={"x":"1","y":"2"} host=127.0.0.1 long=20000
HTTP/2 GET /two 3 get=b cookie={"x":"1","y":"2"} host=127.0.0.1 long=0
not spoken here: HTTP/1.1 200 OK, HTTP/1.1 GET /raw 0 get=1 cookie=null host=here long=0
