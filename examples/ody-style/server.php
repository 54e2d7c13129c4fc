<?php

declare(strict_types=1);

namespace Ody;

use Swoole\Http\Request as SwooleRequest;
use Swoole\Http\Response as SwooleResponse;
use Swoole\Http\Server;

require __DIR__ . '/bootstrap.php';

// Without a server, as any PHP application: server.php --once METHOD PATH. The application is the same.
if (($argv[1] ?? '') === '--once') {
    \Swoole\Coroutine\run(static function () use ($argv): void {
        $application = application();
        $request = new Request($argv[2] ?? 'GET', parse_url($argv[3] ?? '/', PHP_URL_PATH));
        $response = $application->handle($request);
        echo "$response->status $response->body\n";
        $application->terminate($request, $response);
        $application->shutdown();
    });
    return;
}

$server = new Server('127.0.0.1', (int) (getenv('PORT') ?: 9501), SWOOLE_PROCESS);
$server->set(['worker_num' => (int) (getenv('WORKERS') ?: 1)]);

// Each worker boots once and answers many requests.
$application = null;
$server->on('workerStart', static function () use (&$application): void {
    $application = application();
});
$server->on('request', static function (SwooleRequest $request, SwooleResponse $response) use (&$application): void {
    $asked = Request::of($request);
    $answer = $application->handle($asked);
    foreach ($answer->headers as $name => $value) {
        $response->header($name, $value);
    }
    $response->status($answer->status);
    $response->end($answer->body);
    // The client has its answer: what is left to do costs it nothing.
    $application->terminate($asked, $answer);
});
$server->on('workerExit', static function () use (&$application): void {
    $application?->shutdown();
});
$server->start();
