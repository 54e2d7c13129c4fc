--TEST--
A hundred thousand requests leave no memory behind
--CONFLICTS--
all
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $context = Swoole\Coroutine::getContext();
            $context['request'] = $request;
            Swoole\Coroutine::defer(static function () use ($response): void {
            });
            if ($request->get['n'] % 100 === 0) {
                Swoole\Coroutine::sleep(0.001);
            }
            $response->header('X-N', $request->get['n']);
            $response->cookie('c', $request->cookie['c'] ?? '');
            $response->end(strlen($request->rawContent()) . ' ' . count($request->post) . ' ' . count($request->header));
        });
        $server->start();
    });
    PHP);

function requests(int $n): void
{
    global $server;
    $socket = connect_to($server->port, 30);
    $headers = ['Cookie' => 'c=1; d=2', 'Content-Type' => 'application/x-www-form-urlencoded'];
    for ($i = 0; $i < $n; $i += 100) {
        for ($batch = '', $j = 0; $j < 100; $j++) {
            $batch .= request_bytes('/path?n=' . ($i + $j), 'POST', $headers, 'a=1&b[]=2&b[]=3');
        }
        fwrite($socket, $batch);
        for ($j = 0; $j < 100; $j++) {
            $response = read_response($socket);
            if ($response['body'] !== '15 2 3') {
                exit("wrong answer: {$response['body']}\n");
            }
        }
    }
    fclose($socket);
}

requests(10000);
$before = resident_bytes($server->pid());
for ($i = 0; $i < 9; $i++) {
    requests(10000);
}
$growth = resident_bytes($server->pid()) - $before;
echo $growth < 1 << 20 ? 'no growth' : "grew by $growth bytes", "\n";
--EXPECT--
no growth
