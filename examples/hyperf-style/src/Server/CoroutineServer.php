<?php

declare(strict_types=1);

namespace Hyperf\Server;

use Swoole\Coroutine;
use Swoole\Coroutine\Http\Server as HttpServer;
use Swoole\Coroutine\Server as TcpServer;
use Swoole\Coroutine\Server\Connection;
use Swoole\Process;

/** The coroutine style: one process, in which every server, and every connection, is a coroutine. */
final class CoroutineServer extends Server
{
    public function start(array $config): void
    {
        Style::current(Style::Coroutine);
        Coroutine::set(['hook_flags' => SWOOLE_HOOK_ALL]);
        Coroutine\run(function () use ($config): void {
            $servers = array_map(fn (array $server): HttpServer|TcpServer => $this->make($server, $config), $config['servers']);
            $stop = static function () use ($servers): void {
                foreach ($servers as $server) {
                    $server->shutdown();
                }
                Process::signal(SIGTERM, null);
                Process::signal(SIGINT, null);
            };
            Process::signal(SIGTERM, $stop);
            Process::signal(SIGINT, $stop);
            foreach ($servers as $server) {
                Coroutine::create(static fn () => $server->start());
            }
        });
    }

    private function make(array $config, array $all): HttpServer|TcpServer
    {
        $class = $config['type'] === self::SERVER_BASE ? TcpServer::class : HttpServer::class;
        $server = new $class($config['host'], $config['port']);
        $server->set(($config['settings'] ?? []) + $all['settings']);
        $callbacks = $config['callbacks'];
        if ($server instanceof TcpServer) {
            $server->handle(self::connection($callbacks));
        } else {
            // A request's callback answers and returns; a handshake's stays until the connection has ended.
            $server->handle('/', Callbacks::of($callbacks, $config['type'] === self::SERVER_HTTP ? Event::ON_REQUEST : Event::ON_HAND_SHAKE));
        }
        return $server;
    }

    /** What serves one TCP connection: the callbacks see what they see in the other style, but for the first argument. */
    private static function connection(array $callbacks): \Closure
    {
        [$connect, $receive, $close] = array_map(
            static fn (string $event): ?\Closure => Callbacks::of($callbacks, $event),
            [Event::ON_CONNECT, Event::ON_RECEIVE, Event::ON_CLOSE],
        );
        return static function (Connection $connection) use ($connect, $receive, $close): void {
            $fd = $connection->exportSocket()->fd;
            $connect?->__invoke($connection, $fd, 0);
            while (($data = $connection->recv()) !== '' && $data !== false) {
                $receive($connection, $fd, 0, $data);
            }
            $close?->__invoke($connection, $fd, 0);
            $connection->close();
        };
    }
}
