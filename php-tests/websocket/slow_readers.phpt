--TEST--
push() to a client that does not read waits in a coroutine, fails when it takes too long, and the queue has an end
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    swoole_async_set(['enable_coroutine' => false, 'socket_write_timeout' => (float) getenv('LIMIT')]);
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $message = str_repeat('x', 64 << 10);
        // waits as often as it must
        $server->handle('/patient', static function ($request, $response) use ($message): void {
            $response->upgrade();
            $n = $before = $same = 0;
            $timer = Swoole\Timer::tick(10, static function () use (&$n, &$before, &$same): void {
                $same = $n === $before ? $same + 1 : 0;
                $before = $n;
                $same === 5 && print("patient: waits\n");
            });
            for (; $n < 400; $n++) {
                $response->push($message) or die("not sent\n");
            }
            Swoole\Timer::clear($timer);
            echo "patient: done\n";
        });
        $server->handle('/stalled', static function ($request, $response) use ($message): void {
            $response->upgrade();
            while ($response->push($message));
            echo 'stalled: ', swoole_last_error(), "\n";
            // outside of coroutines it fails at once, and later ones may go on
            Swoole\Event::defer(static function () use ($response, $message): void {
                $start = microtime(true);
                var_dump($response->push($message));
                echo 'callback: ', swoole_last_error(), microtime(true) - $start < 1.9 ? ' at once' : ' late', "\n";
                $response->close();
            });
            $response->recv(-1);
            echo "stalled: end\n";
        });
        $server->start();
    });
    PHP;
$server = ServerProcess::start($code, env: ['LIMIT' => '30']);
$client = new RawWebSocket($server->port, path: '/patient');
$server->waitForOutput("patient: waits\n", 30);
$bytes = 0;
for ($n = 0; $n < 400 && ($frame = $client->receive()) !== null; $n++) {
    $bytes += strlen($frame[1]);
}
echo $bytes === 400 * (64 << 10) ? "all of it\n" : "$bytes bytes\n";
$server->waitForOutput("patient: done\n");
echo $server->stop();
$server = ServerProcess::start($code, env: ['LIMIT' => '2']);
$before = resident_bytes($server->pid());
$clients = [];
for ($n = 0; $n < 10; $n++) {
    $clients[] = new RawWebSocket($server->port, path: '/stalled');
}
for ($end = microtime(true) + 30; substr_count($server->output(), "stalled: end\n") < 10 && microtime(true) < $end; usleep(5000));
$grown = resident_bytes($server->pid()) - $before;
echo $grown < 16 << 20 ? "memory is bounded\n" : "$grown bytes\n";
echo implode("\n", array_unique(explode("\n", $server->stop())));
?>
--CONFLICTS--
all
--EXPECT--
all of it
patient: waits
patient: done
memory is bounded
stalled: 110
bool(false)
callback: 1009 at once
stalled: end
