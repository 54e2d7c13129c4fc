<?php

declare(strict_types=1);

namespace Hyperf\Server;

use Swoole\Http\Server as HttpServer;
use Swoole\Server as TcpServer;
use Swoole\Server\Port;
use Swoole\WebSocket\Server as WebSocketServer;

/** The asynchronous style: processes, whose loop calls back. */
class Server
{
    public const SERVER_HTTP = 1;
    public const SERVER_WEBSOCKET = 2;
    public const SERVER_BASE = 3;

    public function start(array $config): void
    {
        Style::current(Style::Async);
        $servers = $config['servers'];
        // The main server has to know every protocol of its ports: a WebSocket server knows HTTP, an HTTP server knows TCP.
        $rank = [self::SERVER_WEBSOCKET => 0, self::SERVER_HTTP => 1, self::SERVER_BASE => 2];
        usort($servers, static fn (array $a, array $b): int => $rank[$a['type']] <=> $rank[$b['type']]);
        $main = null;
        foreach ($servers as $server) {
            $settings = $server['settings'] ?? [];
            if ($main === null) {
                $class = [self::SERVER_WEBSOCKET => WebSocketServer::class, self::SERVER_HTTP => HttpServer::class, self::SERVER_BASE => TcpServer::class][$server['type']];
                $port = $main = new $class($server['host'], $server['port'], $config['mode'] ?? SWOOLE_BASE, $server['sock_type']);
                $main->set($settings + $config['settings']);
            } else {
                $port = $main->addlistener($server['host'], $server['port'], $server['sock_type']);
                $port->set($settings + [
                    'open_http_protocol' => $server['type'] === self::SERVER_HTTP,
                    'open_websocket_protocol' => $server['type'] === self::SERVER_WEBSOCKET,
                ]);
            }
            $this->bind($port, $server['callbacks']);
        }
        $main->start();
    }

    private function bind(Port|TcpServer $port, array $callbacks): void
    {
        foreach (array_keys($callbacks) as $event) {
            $port->on($event, Callbacks::of($callbacks, $event));
        }
    }
}
