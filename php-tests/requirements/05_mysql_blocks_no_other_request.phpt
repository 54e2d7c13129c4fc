--TEST--
Requirement 5: while request A waits for MySQL, request B is served; A resumes with its own result
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $mysql = new Swoole\Coroutine\MySQL();
            $mysql->connect([
                'host' => getenv('STEELWOOL_MYSQL_HOST'),
                'port' => (int) getenv('STEELWOOL_MYSQL_PORT'),
                'user' => getenv('STEELWOOL_MYSQL_USER'),
                'password' => getenv('STEELWOOL_MYSQL_PASSWORD'),
                'database' => getenv('STEELWOOL_MYSQL_DATABASE'),
            ]);
            $name = $request->get['name'];
            $rows = $mysql->query("SELECT SLEEP({$request->get['sleep']}) AS slept, '$name' AS name");
            $response->end($rows === false ? $mysql->error : "$name got {$rows[0]['name']}");
        });
        $server->start();
    });
    PHP);
$slow = connect_to($server->port);
fwrite($slow, request_bytes('/?name=A&sleep=1'));
usleep(100000);
$start = microtime(true);
echo http_request($server->port, '/?name=B&sleep=0')['body'], microtime(true) - $start < 0.6 ? " meanwhile\n" : " too late\n";
echo read_response($slow)['body'], "\n";
$start = microtime(true);
$open = [];
for ($i = 0; $i < 5; $i++) {
    $open[$i] = connect_to($server->port);
    fwrite($open[$i], request_bytes("/?name=$i&sleep=0.3"));
}
foreach ($open as $socket) {
    echo read_response($socket)['body'], "\n";
}
echo microtime(true) - $start < 1.2 ? "together\n" : "one after the other\n";
--EXPECT--
B got B meanwhile
A got A
0 got 0
1 got 1
2 got 2
3 got 3
4 got 4
together
