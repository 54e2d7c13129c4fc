<?php

declare(strict_types=1);

/**
 * A chat with rooms and presence: the page and its WebSockets come from one server of several workers.
 *
 * Environment: HOST and PORT (127.0.0.1, 9502), WORKERS (2), and REDIS (host:port) where several of these servers are one chat.
 */

use Chat\Chat;
use Chat\Nodes;
use Chat\People;
use Swoole\Http\Request;
use Swoole\Http\Response;
use Swoole\WebSocket\Frame;
use Swoole\WebSocket\Server;

require __DIR__ . '/src/People.php';
require __DIR__ . '/src/Nodes.php';
require __DIR__ . '/src/Chat.php';

$server = new Server(getenv('HOST') ?: '127.0.0.1', (int) (getenv('PORT') ?: 9502), SWOOLE_PROCESS);
$server->set([
    'worker_num' => (int) (getenv('WORKERS') ?: 2),
    // phpredis waits as coroutines do
    'hook_flags' => SWOOLE_HOOK_ALL,
    'websocket_compression' => true,
    'package_max_length' => 64 << 10,
    'heartbeat_check_interval' => 30,
    'heartbeat_idle_time' => 90,
    'max_wait_time' => 5,
    'log_level' => SWOOLE_LOG_WARNING,
]);

// made before the workers are, who all see the same rows
$people = new People(bin2hex(random_bytes(6)));
$nodes = getenv('REDIS') ? new Nodes(getenv('REDIS'), $people) : null;
$chat = new Chat($server, $people, $nodes);

$server->on('workerStart', static fn (Server $server, int $worker) => $worker === 0 ? $chat->start() : null);
$server->on('workerExit', static fn () => $chat->stop());
$server->on('request', static function (Request $request, Response $response): void {
    if ($request->server['request_uri'] !== '/') {
        $response->status(404);
        $response->end();
        return;
    }
    $response->header('Content-Type', 'text/html; charset=utf-8');
    $response->sendfile(__DIR__ . '/page.html');
});
$server->on('message', static fn (Server $server, Frame $frame) => $chat->hear($frame->fd, $frame->data));
$server->on('close', static fn (Server $server, int $fd) => $chat->leave($fd));
$server->start();
