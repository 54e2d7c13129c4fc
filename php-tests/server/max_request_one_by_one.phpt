--TEST--
Server: workers that have had max_request requests leave one after the other (SWOOLE_BASE), also when one is killed meanwhile
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

// As frameworks do: whoever waits for a signal lives until its worker has used all of max_wait_time.
$code = <<<'PHP'
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], SWOOLE_BASE);
    $server->set(['worker_num' => 2, 'log_level' => SWOOLE_LOG_NONE, 'max_wait_time' => 30]);
    $server->set(['max_request' => 5, 'max_request_grace' => getenv('KIND') === 'grace' ? 3 : 0]);
    $server->on('workerStart', fn () => go(fn () => Swoole\Coroutine\System::waitSignal(SIGTERM, -1)));
    $server->on('request', fn ($request, $response) => $response->end((string) getmypid()));
    $server->start();
    PHP;

foreach (['exact', 'grace'] as $kind) {
    $server = ServerProcess::start($code, [], ['KIND' => $kind]);
    $ask = fn () => (int) (http_request($server->port, '/')['body'] ?? 0);
    $start = microtime(true);
    // One worker has had its share and leaves; the other one serves on, beyond its own.
    $counts = [];
    while (($counts ? max($counts) : 0) < 40 && microtime(true) < $start + 20) {
        $pid = $ask();
        $counts[$pid] = ($counts[$pid] ?? 0) + 1;
    }
    echo "$kind: ", isset($counts[0]) ? 'not served' : 'served', ', ', count($counts), " workers\n";
    asort($counts);
    [$first, $second] = array_keys($counts);
    // The one that leaves is killed. Its successor is there, and the other one's turn comes.
    posix_kill($first, SIGKILL);
    $others = $answers = 0;
    while ($others < 40 && microtime(true) < $start + 20) {
        $others = ($pid = $ask()) !== $first && $pid !== $second && $pid > 0 ? $others + 1 : 0;
    }
    echo $others === 40 ? 'then the other one left' : "the other one stayed", ', ', microtime(true) - $start < 15 ? 'in time' : 'late', "\n";
    // Whoever waits for a signal would have it wait for max_wait_time.
    $workers = [];
    foreach (glob('/proc/[0-9]*/stat') as $file) {
        $parts = explode(' ', (string) @file_get_contents($file));
        if (($parts[3] ?? '') === (string) $server->pid()) {
            $workers[] = (int) $parts[0];
        }
    }
    posix_kill($server->pid(), SIGTERM);
    array_map(fn ($pid) => posix_kill($pid, SIGKILL), $workers);
    $server->stop();
}
?>
--EXPECT--
exact: served, 2 workers
then the other one left, in time
grace: served, 2 workers
then the other one left, in time
