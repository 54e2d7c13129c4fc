--TEST--
Http\Response::recv() of a WebSocket that another coroutine reads throws; who waits is told when another coroutine closes it
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    use Swoole\Coroutine;
    use Swoole\Coroutine\Http\Server;
    Coroutine\run(static function (): void {
        $server = new Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $response->upgrade();
            $id = go(static function () use ($response): void {
                echo $response->recv()->data, "\n";
                echo $response->recv()->data, "\n";
                foreach ([1, 2] as $_) {
                    echo json_encode($response->recv()), ' ', swoole_last_error(), "\n";
                }
            });
            try {
                $response->recv();
            } catch (Swoole\Error $error) {
                echo preg_replace('/#\d+/', '#n', $error->getMessage()), ' ', $error->getCode(), "\n";
            }
            $response->push('send two');
            Coroutine::join([$id], 0.5);
            var_dump($response->close());
            Coroutine::join([$id]);
            echo "end\n";
        });
        $server->start();
    });
    PHP);
$client = new RawWebSocket($server->port);
echo $client->show();
$client->send('first');
$client->send('second');
echo $client->show();
$server->waitForOutput("end\n");
$server->kill();
echo $server->output();
?>
--EXPECT--
text send two
end
Socket#n has already been bound to another coroutine#n, reading of the same socket in coroutine#n at the same time is not allowed 10002
first
second
bool(true)
false 125
false 9
end
