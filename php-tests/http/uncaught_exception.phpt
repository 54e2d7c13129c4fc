--TEST--
An uncaught exception is reported, answered with 500 (an answer under way is cut), and takes nobody else along
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $response->header('X-Set', 'before');
            $response->status(201);
            throw new RuntimeException('handler broke', 7);
        });
        $server->handle('/exit', static function ($request, $response): void {
            exit(3);
        });
        $server->handle('/ended', static function ($request, $response): void {
            $response->end('sent before');
            throw new LogicException('too late');
        });
        $server->handle('/written', static function ($request, $response): void {
            $response->write('part');
            throw new LogicException('in the middle');
        });
        $server->handle('/held', static function ($request, $response): void {
            $GLOBALS['held'] = $response;
            throw new LogicException('somebody still has the response');
        });
        $server->handle('/defer', static function ($request, $response): void {
            defer(static function (): void { echo "deferred\n"; });
            throw new LogicException('before the defer');
        });
        $server->handle('/alive', static fn($request, $response) => $response->end('alive'));
        $server->start();
    });
    PHP);
foreach (['/', '/exit', '/ended', '/written', '/held', '/defer', '/alive'] as $path) {
    $response = http_request($server->port, $path);
    echo $path, ' -> ', $response === null ? 'cut' : $response['status'] . ' ' . $response['body'], "\n";
}
preg_match_all('/Warning: +Uncaught (\S+: .*?) in |^(deferred)$/m', $server->stop(), $lines);
echo implode("\n", array_map(static fn($one, $other) => $one . $other, $lines[1], $lines[2])), "\n";
--EXPECT--
/ -> 500 
/exit -> 500 
/ended -> 200 sent before
/written -> cut
/held -> 500 
/defer -> 500 
/alive -> 200 alive
RuntimeException: handler broke
Swoole\ExitException: swoole exit
LogicException: too late
LogicException: in the middle
LogicException: somebody still has the response
LogicException: before the defer
deferred
