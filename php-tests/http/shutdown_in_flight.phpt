--TEST--
shutdown() closes idle connections and lets requests in work be answered
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

use Swoole\Coroutine;

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/slow', static function ($request, $response): void {
            echo "slow started\n";
            Swoole\Coroutine::sleep(0.2);
            $response->end('slow');
        });
        $server->handle('/stop', static function ($request, $response) use ($server): void {
            $server->shutdown();
            $response->end('stopping');
        });
        var_dump($server->start());
    });
    echo "loop ended\n";
    PHP);
$idle = connect_to($server->port);
$slow = connect_to($server->port);
fwrite($slow, request_bytes('/slow'));
$server->waitForOutput('slow started');
echo http_request($server->port, '/stop')['body'], "\n";
var_dump(read_response($idle));
$response = read_response($slow);
echo $response['body'], ' ', $response['headers']['connection'], "\n";
$server->wait();
echo $server->output();
--EXPECT--
stopping
NULL
slow close
slow started
bool(true)
loop ended
