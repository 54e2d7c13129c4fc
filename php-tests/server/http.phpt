--TEST--
Http\Server: requests and answers of every kind, in both modes
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    [$mode, $workers] = [getenv('MODE'), getenv('WORKERS')];
    $port = $argv[1];
    $server = new Swoole\Http\Server('127.0.0.1', (int) $port, $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set(['worker_num' => (int) $workers, 'log_level' => SWOOLE_LOG_ERROR, 'package_max_length' => 1 << 20]);
    $server->on('request', function ($request, $response) use ($server) {
        switch ($request->server['path_info']) {
            case '/hello':
                return $response->end("Hello {$request->get['name']}");
            case '/post':
                $response->status(201);
                $response->header('X-Length', (string) strlen($request->rawContent()));
                $response->cookie('a', 'b');
                return $response->end(json_encode([$request->post, $request->cookie, $request->header['x-a']]));
            case '/stream':
                foreach (range(1, 3) as $number) {
                    $response->write(str_repeat((string) $number, 3));
                    Co::sleep(0.001);
                }
                return $response->end();
            case '/large':
                return $response->end(str_repeat('x', 500_000));
            case '/file':
                return $response->sendfile(__FILE__);
            case '/sleep':
                Co::sleep(0.05);
                return $response->end('slept');
            case '/known':
                return $response->end(json_encode([$request->fd === $response->fd, $server->exist($request->fd), $server->getClientInfo($request->fd)['remote_ip']]));
            case '/throw':
                throw new Exception('no');
            case '/nothing':
                return;
        }
    });
    $server->start();
    PHP;
$expected = null;
foreach (['base 1', 'base 2', 'process 1', 'process 2'] as $kind) {
    [$mode, $workers] = explode(' ', $kind);
    $server = ServerProcess::start($script, env: ['MODE' => $mode, 'WORKERS' => $workers]);
    $port = $server->port;
    $results = [];
    $get = function (string $path, array $options = []) use ($port) {
        $context = stream_context_create(['http' => $options + ['ignore_errors' => true, 'timeout' => 5]]);
        $body = file_get_contents("http://127.0.0.1:$port$path", false, $context);
        preg_match('~^HTTP/1.1 (\d+)~', $http_response_header[0] ?? '', $status);
        return [(int) ($status[1] ?? 0), $body, $http_response_header ?? []];
    };
    [$status, $body] = $get('/hello?name=World');
    $results[] = "$status $body";
    [$status, $body, $headers] = $get('/post', ['method' => 'POST', 'content' => 'b[]=1&b[]=2', 'header' => "Content-Type: application/x-www-form-urlencoded\r\nCookie: c=d\r\nX-A: 1"]);
    $results[] = "$status $body " . implode(' ', preg_grep('/^(X-Length|Set-Cookie)/i', $headers));
    [$status, $body] = $get('/stream');
    $results[] = "$status $body";
    [$status, $body] = $get('/large');
    $results[] = "$status " . strlen($body);
    [$status, $body] = $get('/file');
    $results[] = "$status " . (strlen($body) === strlen($script) ? 'whole' : 'wrong');
    [$status, , $headers] = $get('/post', ['method' => 'POST', 'content' => str_repeat('y', 300_000), 'header' => "X-A: 1\r\nContent-Type: text/plain"]);
    $results[] = "$status " . implode(' ', preg_grep('/^(X-Length)/i', $headers));
    [$status] = $get('/nothing');
    $results[] = "nothing $status";
    [$status, $body] = $get('/known');
    $results[] = "$status $body";
    [$status, $body] = $get('/sleep');
    $results[] = "$status $body";
    [$status] = $get('/throw');
    $results[] = "throw $status";
    [$status, $body] = $get('/hello?name=again');
    $results[] = "$status $body";
    $server->stop();
    $output = implode("\n", $results) . "\n";
    if ($expected === null) {
        echo $expected = $output;
    }
    echo $kind, ': ', $output === $expected ? 'the same' : $output, "\n";
}
?>
--EXPECT--
200 Hello World
201 [{"b":["1","2"]},{"c":"d"},"1"] X-Length: 11 Set-Cookie: a=b
200 111222333
200 500000
200 whole
201 X-Length: 300000
nothing 500
200 [true,true,"127.0.0.1"]
200 slept
throw 500
200 Hello again
base 1: the same
base 2: the same
process 1: the same
process 2: the same
