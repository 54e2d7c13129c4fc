<?php

declare(strict_types=1);

// An HTTP server on the port argv[1] whose handler does a point select on one of a pool's 16 connections: Coroutine\MySQL where there is one and
// argv[2] is not pdo, otherwise PDO under the runtime hooks.

use Swoole\ConnectionPool;
use Swoole\Coroutine\MySQL;
use Swoole\Database\MySQLConfig;
use Swoole\Database\MySQLPool;
use Swoole\Database\PDOConfig;
use Swoole\Database\PDOPool;

require __DIR__ . '/database.php';

Swoole\Coroutine\run(static function () use ($argv): void {
    table();
    $to = settings();
    $pdo = ($argv[2] ?? '') === 'pdo' || !class_exists(MySQL::class);
    $config = $pdo ? new PDOConfig() : (class_exists(MySQLConfig::class) ? new MySQLConfig() : null);
    $config?->withHost($to['host'])->withPort($to['port'])->withUsername($to['user'])->withPassword($to['password'])->withDbname($to['database']);
    $pool = match (true) {
        $pdo => new PDOPool($config, 16),
        $config === null => new ConnectionPool(connection(...), 16),
        default => new MySQLPool($config, 16),
    };
    $pool->fill();
    $id = 0;
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) $argv[1]);
    $server->handle('/', static function ($request, $response) use ($pool, $pdo, &$id): void {
        $id = $id % ROWS + 1;
        $connection = $pool->get();
        $sql = "SELECT id, name, amount FROM bench WHERE id = $id";
        $rows = $pdo ? $connection->query($sql)->fetchAll(PDO::FETCH_ASSOC) : $connection->query($sql);
        $pool->put($connection);
        $response->end(json_encode($rows));
    });
    $server->start();
});
