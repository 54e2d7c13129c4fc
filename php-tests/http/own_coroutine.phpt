--TEST--
Each request has a coroutine of its own; a handler that replaces itself answers the next one
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response) use ($server): void {
            static $seen = [];
            $cid = Swoole\Coroutine::getCid();
            $new = !in_array($cid, $seen, true);
            $seen[] = $cid;
            if (count($seen) === 3) {
                $server->handle('/', static fn($request, $response) => $response->end('replaced'));
            }
            $response->end($new ? 'new' : 'old');
        });
        $server->start();
    });
    PHP);
$socket = connect_to($server->port);
for ($i = 0; $i < 4; $i++) {
    fwrite($socket, request_bytes());
    echo read_response($socket)['body'], "\n";
}
--EXPECT--
new
new
new
replaced
