<?php

declare(strict_types=1);

// A result of 10 MB as argv[1] rows: how much the process grew at most, for each byte of the rows in PHP.

use Swoole\Coroutine;

require __DIR__ . '/measure.php';
require __DIR__ . '/database.php';

Coroutine\run(static function () use ($argv): void {
    $rows = (int) $argv[1];
    $mysql = connection();
    $mysql->query('SELECT 1');
    $sql = sprintf("SELECT seq AS id, REPEAT('x', %d) AS text FROM seq_1_to_%d", intdiv(10 << 20, $rows), $rows);
    gc_mem_caches();
    file_put_contents('/proc/self/clear_refs', '5');
    $resident = status_bytes('VmRSS');
    $result = $mysql->query($sql);
    $grown = status_bytes('VmHWM') - $resident;
    count($result) === $rows || throw new RuntimeException($mysql->error);
    $used = memory_get_usage();
    // The client's own buffers may count as PHP's memory; a copy is the rows alone.
    $copy = [];
    foreach ($result as $row) {
        $copy[] = ['id' => $row['id'] . '', 'text' => substr_replace($row['text'], 'y', 0, 1)];
    }
    $used = memory_get_usage() - $used;
    echo json_encode(['peak_ratio' => $grown / $used]), "\n";
});
