<?php

// A page over HTTPS, and WebSockets on the same HTTP/2 connection (RFC 8441). PORT, MODE and FOLDER, which holds localhost.crt and localhost.key, come
// from the environment.

declare(strict_types=1);

use Swoole\WebSocket\Server;

$server = new Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'), SWOOLE_SOCK_TCP | SWOOLE_SSL);
$server->set([
    'worker_num' => 2,
    'open_http2_protocol' => true,
    'websocket_compression' => true,
    'ssl_cert_file' => getenv('FOLDER') . '/localhost.crt',
    'ssl_key_file' => getenv('FOLDER') . '/localhost.key',
]);
$server->on('request', static function ($request, $response): void {
    $response->header('Content-Type', 'text/html');
    $response->end("<!doctype html><title>{$request->server['server_protocol']}</title>");
});
$server->on('open', static function (Server $server, $request): void {
    $peer = $server->getClientInfo($request->fd)['remote_port'];
    $server->push($request->fd, json_encode([$request->server['server_protocol'], $request->fd, $peer]));
});
$server->on('message', static fn (Server $server, $frame) => $server->push($frame->fd, $frame->data, $frame->opcode));
$server->start();
