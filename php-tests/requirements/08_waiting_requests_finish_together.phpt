--TEST--
Requirement 8: accepting is never blocked by a waiting request; sleeping requests finish together
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    use Swoole\Coroutine;
    Coroutine\run(static function (): void {
        $server = new Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/sleep', static function ($request, $response): void {
            Coroutine::sleep(1.0);
            $response->end('slept');
        });
        $server->handle('/', static fn ($request, $response) => $response->end('at once'));
        $server->start();
    });
    PHP);
$start = microtime(true);
$open = [];
for ($i = 0; $i < 50; $i++) {
    $open[] = $socket = connect_to($server->port);
    fwrite($socket, request_bytes('/sleep'));
}
echo http_request($server->port)['body'], ' ', microtime(true) - $start < 0.9 ? 'soon' : 'late', "\n";
$bodies = [];
foreach ($open as $socket) {
    $bodies[] = read_response($socket)['body'];
}
echo implode(' ', array_unique($bodies)), ' ', count($bodies), ' ';
echo microtime(true) - $start < 4 ? 'together' : 'one after the other', "\n";
--EXPECT--
at once soon
slept 50 together
