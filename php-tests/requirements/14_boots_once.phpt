--TEST--
Requirement 14: the application boots once and serves many requests
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    echo "boot\n";
    final class App
    {
        private int $requests = 0;

        public function __invoke($request, $response): void
        {
            $response->end('request ' . ++$this->requests);
        }
    }
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', new App());
        $server->start();
    });
    PHP);
foreach ([1, 2, 3] as $i) {
    echo http_request($server->port)['body'], "\n";
}
echo substr_count($server->stop(), 'boot'), "\n";
--EXPECT--
request 1
request 2
request 3
1
