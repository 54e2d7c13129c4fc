<?php

declare(strict_types=1);

// Memory of a suspended coroutine when argv[1] of them are suspended at once.

use Swoole\Coroutine;

require __DIR__ . '/measure.php';

ini_set('memory_limit', '-1');
$n = (int) $argv[1];
Coroutine::set(['max_coroutine' => 2 * $n]);
Coroutine\run(static function () use ($n): void {
    $body = static function (): void {
        Coroutine::yield();
    };
    $before = ['rss' => status_bytes('VmRSS'), 'pte' => status_bytes('VmPTE')];
    $first = Coroutine::getCid() + 1;
    for ($i = 0; $i < $n; $i++) {
        go($body);
    }
    $after = ['rss' => status_bytes('VmRSS'), 'pte' => status_bytes('VmPTE')];
    echo json_encode([
        'rss' => ($after['rss'] - $before['rss']) / $n,
        'pte' => ($after['pte'] - $before['pte']) / $n,
    ]), "\n";
    for ($i = 0; $i < $n; $i++) {
        Coroutine::resume($first + $i);
    }
});
