--TEST--
write() waits for a slow reader and memory stays bounded
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $part = str_repeat('x', 100_000);
            for ($i = 0; $i < 300; $i++) {
                $response->write($part . $i);
                echo "part $i\n";
            }
            $response->end();
            echo memory_get_peak_usage() < 16 << 20 ? "bounded\n" : "grew\n";
        });
        $server->handle('/other', static fn($request, $response) => $response->end('not blocked'));
        $server->start();
    });
    PHP);
$socket = connect_to($server->port);
fwrite($socket, request_bytes());
$server->waitForOutput('part 1');
do {
    $before = strlen($server->output());
    usleep(300_000);
} while ($before !== strlen($server->output()));
var_dump(str_contains($server->output(), 'part 290'));
echo http_request($server->port, '/other')['body'], "\n";
echo strlen(read_response($socket)['body']), "\n";
$server->waitForOutput('ed');
var_dump(str_contains($server->stop(), 'bounded'));
--EXPECT--
bool(false)
not blocked
30000790
bool(true)
