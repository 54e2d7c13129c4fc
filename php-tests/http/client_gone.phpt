--TEST--
A client that leaves in the middle: its coroutine goes on, end() and write() return false, others are served
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/end', static function ($request, $response): void {
            echo "at work\n";
            Swoole\Coroutine::sleep(0.1);
            echo json_encode($response->end('x')), " after end\n";
        });
        $server->handle('/write', static function ($request, $response): void {
            echo "writing\n";
            while ($response->write(str_repeat('x', 50_000))) {
                Swoole\Coroutine::sleep(0.001);
            }
            echo json_encode($response->end()), " after write\n";
        });
        $server->handle('/', static fn($request, $response) => $response->end('served'));
        $server->start();
    });
    PHP);
$socket = connect_to($server->port);
fwrite($socket, request_bytes('/end'));
$server->waitForOutput('at work');
fclose($socket);
$server->waitForOutput('after end');
$socket = connect_to($server->port);
fwrite($socket, request_bytes('/write'));
$server->waitForOutput('writing');
fread($socket, 1000);
fclose($socket);
$server->waitForOutput('after write');
echo http_request($server->port)['body'], "\n", $server->stop();
--EXPECT--
served
at work
false after end
writing
false after write
