<?php

declare(strict_types=1);

namespace Notes;

use Swoole\Coroutine;
use Swoole\Coroutine\Http\Server;
use Swoole\Exception;

require __DIR__ . '/autoload.php';

// Everything is built once, at boot; a request only runs through it.
$settings = Settings::fromEnvironment();
$application = Application::boot($settings);

$stopping = false;
pcntl_async_signals(true);
foreach ([SIGTERM, SIGINT] as $signal) {
    pcntl_signal($signal, static function () use (&$stopping): void {
        $stopping = true;
    });
}

$code = 0;
Coroutine\run(static function () use ($settings, $application, &$stopping, &$code): void {
    try {
        $server = new Server($settings->host, $settings->port);
    } catch (Exception $e) {
        fwrite(STDERR, "cannot listen on {$settings->host}:{$settings->port}: {$e->getMessage()}\n");
        $code = 1;
        return;
    }
    $server->handle('/', $application);

    go(static function () use ($server, $application, &$stopping): void {
        while (!$stopping) {
            Coroutine::sleep(0.1);
        }
        $application->stop();
        $server->shutdown();
    });

    echo "notes are served on http://{$settings->host}:{$settings->port}, stored in {$application->storage}\n";
    if (!$server->start()) {
        fwrite(STDERR, "the server failed with error {$server->errCode}\n");
        $code = 1;
    }
    $stopping = true;
});
exit($code);
