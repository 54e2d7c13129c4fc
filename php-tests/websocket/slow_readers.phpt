--TEST--
push() to a client that does not read waits in a coroutine, fails when it takes too long, and the queue has an end
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    swoole_async_set(['socket_write_timeout' => 0.2, 'enable_coroutine' => false]);
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $message = str_repeat('x', 64 << 10);
        // waits as often as it must
        $server->handle('/patient', static function ($request, $response) use ($message): void {
            $response->upgrade();
            $start = microtime(true);
            for ($n = 0; $n < 400; $n++) {
                $response->push($message) or die("not sent\n");
            }
            echo 'patient: ', microtime(true) - $start > 0.05 ? 'waited' : 'did not wait', "\n";
        });
        $server->handle('/stalled', static function ($request, $response) use ($message): void {
            $response->upgrade();
            while ($response->push($message));
            echo 'stalled: ', swoole_last_error(), "\n";
            // outside of coroutines it fails at once, and later ones may go on
            Swoole\Event::defer(static function () use ($response, $message): void {
                $start = microtime(true);
                var_dump($response->push($message));
                echo 'callback: ', swoole_last_error(), microtime(true) - $start < 0.1 ? ' at once' : ' late', "\n";
                $response->close();
            });
            $response->recv(1);
            echo "stalled: end\n";
        });
        $server->start();
    });
    PHP);
$client = new RawWebSocket($server->port, path: '/patient');
usleep(100_000);
$bytes = 0;
while (($frame = $client->receive()) !== null) {
    $bytes += strlen($frame[1]);
}
echo $bytes === 400 * (64 << 10) ? "all of it\n" : "$bytes bytes\n";
$before = resident_bytes($server->pid());
$clients = [];
for ($n = 0; $n < 10; $n++) {
    $clients[] = new RawWebSocket($server->port, path: '/stalled');
}
$server->waitForOutput(str_repeat("stalled: end\n", 1));
usleep(300_000);
$grown = resident_bytes($server->pid()) - $before;
echo $grown < 16 << 20 ? "memory is bounded\n" : "$grown bytes\n";
echo implode("\n", array_unique(explode("\n", $server->stop())));
?>
--CONFLICTS--
all
--EXPECT--
all of it
memory is bounded
patient: waited
stalled: 110
bool(false)
callback: 1009 at once
stalled: end
