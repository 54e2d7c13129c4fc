--TEST--
A handler that runs out of memory ends the process as a fatal error does: nobody is left with a server that only says 500
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    register_shutdown_function(static function (): void { echo "shutdown function\n"; });
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            ini_set('memory_limit', '16M');
            $hoard = [];
            while (true) {
                $hoard[] = str_repeat('x', 100_000);
            }
        });
        $server->start();
    });
    PHP);
$response = http_request($server->port, '/');
echo $response === null ? 'cut' : $response['status'], "\n";
echo 'exit code ', $server->wait(), "\n";
echo $server->stop();
--EXPECTF--
%r(cut|500)%r
exit code 255

Fatal error: Allowed memory size of 16777216 bytes exhausted (tried to allocate %d bytes) in %s on line %d
shutdown function
