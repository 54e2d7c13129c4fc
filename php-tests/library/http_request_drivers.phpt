--TEST--
Coroutine\Http\request() with the drivers curl and stream
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine\Http\ClientProxy;

use function Swoole\Coroutine\Http\{get, post, request};

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            if ($request->server['request_uri'] === '/missing') {
                $response->status(404);
            }
            $response->cookie('id', 'a b', 0, '/');
            $response->header('X-Answer', 'yes');
            $response->end(json_encode([
                $request->server['request_method'],
                $request->get,
                $request->post,
                $request->cookie,
                $request->header['x-test'] ?? null,
                $request->rawContent(),
            ]));
        });
        $server->start();
    });
    PHP);
$url = "http://127.0.0.1:{$server->port}";

foreach (extension_loaded('curl') ? ['curl', 'stream'] : ['stream'] as $driver) {
    swoole_library_set_option('http_client_driver', $driver);
    $expected = $driver === 'curl' ? [['yes'], ['id' => 'a+b']] : [null, []];
    $bodies = [];
    foreach ([
        get("$url/?a=1"),
        post("$url/", ['k' => 'v w'], ['timeout' => 5.5]),
        request("$url/", 'PUT', 'raw', ['timeout' => 5], ['X-Test' => '1', 'Content-Type' => 'text/plain'], ['c' => '1']),
    ] as $answer) {
        $bodies[] = $answer->getBody();
        if (!$answer instanceof ClientProxy || $answer->getStatusCode() !== 200 || [$answer->getHeaders()['x-answer'] ?? null, $answer->getCookies()] !== $expected) {
            var_dump($answer);
        }
    }
    $outputs[$driver] = implode("\n", $bodies);
}
echo end($outputs), "\n", count(array_unique($outputs)) === 1 ? '' : print_r($outputs, true);
foreach ([fn () => get("$url/missing"), fn () => get('http://127.0.0.1:1/')] as $bad) {
    try {
        @$bad();
    } catch (Swoole\Coroutine\Http\Client\Exception $error) {
        echo rtrim(preg_replace('/:\d+/', ':N', $error->getMessage())), "\n";
    }
}
swoole_library_set_option('http_client_driver', 'swoole');
foreach ([fn () => get('/path'), fn () => get('ftp://host/')] as $bad) {
    try {
        $bad();
    } catch (Swoole\Coroutine\Http\Client\Exception $error) {
        echo $error->getMessage(), "\n";
    }
}
?>
--EXPECT--
["GET",{"a":"1"},null,null,null,""]
["POST",null,{"k":"v w"},null,null,"k=v+w"]
["PUT",null,null,{"c":"1"},"1","raw"]
file_get_contents(http://127.0.0.1:N/missing): Failed to open stream: HTTP request failed! HTTP/1.1 404 Not Found
file_get_contents(http://127.0.0.1:N/): Failed to open stream: Connection refused
The URL given is illegal [no scheme]
unknown scheme "ftp"
