<?php

declare(strict_types=1);

namespace Hyperf\WebSocketServer;

use Hyperf\HttpServer\Middlewares;
use Hyperf\HttpServer\Request;
use Hyperf\HttpServer\Response;
use Hyperf\Server\Style;
use Swoole\Http\Request as SwooleRequest;
use Swoole\Http\Response as SwooleResponse;
use Swoole\WebSocket\CloseFrame;
use Swoole\WebSocket\Frame;
use Swoole\WebSocket\Server as SwooleServer;

/**
 * WebSocket connections in both styles. Middleware runs around the handshake.
 *
 * In the asynchronous style its coroutine ends there. In the coroutine style the same coroutine serves the connection until it
 * closes: what its `defer` gives back, it gives back only then.
 */
abstract class Server
{
    private const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

    /** @param SwooleResponse|SwooleServer $server what `push` is called on: in the coroutine style the connection itself */
    abstract public function onMessage($server, Frame $frame): void;

    abstract public function onClose($server, int $fd, int $reactorId): void;

    public function onHandShake(SwooleRequest $request, SwooleResponse $response): void
    {
        $answer = Middlewares::run('ws', new Request($request), static function (Request $request): Response {
            $key = $request->header('Sec-WebSocket-Key');
            if (strlen((string) base64_decode($key, true)) !== 16) {
                return new Response(400, 'Sec-WebSocket-Key is no key');
            }
            return new Response(101, headers: [
                'Upgrade' => 'websocket',
                'Connection' => 'Upgrade',
                'Sec-WebSocket-Accept' => base64_encode(sha1($key . self::GUID, true)),
                'Sec-WebSocket-Version' => '13',
            ]);
        });
        if ($answer->status !== 101 || Style::current() === Style::Async) {
            $answer->send($response);
            return;
        }
        // Here the engine writes the handshake.
        if ($response->upgrade()) {
            while (($frame = $response->recv()) instanceof Frame && !$frame instanceof CloseFrame) {
                $this->onMessage($response, $frame);
            }
            $this->onClose($response, $response->fd, 0);
            $response->close();
        }
    }

    /** Sends a text to the one who wrote. */
    protected static function reply($server, int $fd, string $text): void
    {
        $server instanceof SwooleServer ? $server->push($fd, $text) : $server->push($text);
    }
}
