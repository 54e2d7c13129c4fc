--TEST--
PyPI's hyperframe, hpack and h2 as the client of all kinds of servers: frames and heads that are allowed, and those that are not
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    $answer = static function ($request, $response): void {
        $response->end($request->server['path_info'] === '/large' ? str_repeat('x', 1 << 20) : $request->rawContent());
    };
    $settings = ['open_http2_protocol' => true, 'http_compression' => false, 'log_level' => SWOOLE_LOG_NONE];
    if (getenv('MODE') === '0') {
        Swoole\Coroutine\run(static function () use ($answer, $settings): void {
            $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
            $server->set($settings);
            $server->handle('/', $answer);
            $server->start();
        });
        exit;
    }
    $server = new Swoole\Http\Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
    $server->set($settings + ['worker_num' => 1]);
    $server->on('request', $answer);
    $server->start();
    PHP;
$suite = escapeshellarg(__DIR__ . '/../include/http2_suite.py');
$python = python_with('h2');
foreach (['coroutine' => '0', 'SWOOLE_BASE' => '1', 'SWOOLE_PROCESS' => '2'] as $name => $mode) {
    echo "-- $name\n";
    $server = ServerProcess::start($code, env: ['MODE' => $mode]);
    passthru("$python $suite $server->port 2>&1");
    $server->stop();
}
?>
--EXPECT--
-- coroutine
allowed fine
frames fine
headers fine
conversations fine
60 cases and more
-- SWOOLE_BASE
allowed fine
frames fine
headers fine
conversations fine
60 cases and more
-- SWOOLE_PROCESS
allowed fine
frames fine
headers fine
conversations fine
60 cases and more
