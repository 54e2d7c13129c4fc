<?php

declare(strict_types=1);

use App\EchoSocket;
use App\LineServer;
use Hyperf\Server\Event;
use Hyperf\Server\Server;

return [
    // The one line that chooses the style; in a project of one style it is just that class.
    'type' => getenv('STYLE') === 'coroutine' ? Hyperf\Server\CoroutineServer::class : Hyperf\Server\Server::class,
    'mode' => getenv('STYLE') === 'process' ? SWOOLE_PROCESS : SWOOLE_BASE,
    'servers' => [
        [
            'name' => 'http',
            'type' => Server::SERVER_HTTP,
            'host' => '127.0.0.1',
            'port' => (int) (getenv('PORT') ?: 9501),
            'sock_type' => SWOOLE_SOCK_TCP,
            'callbacks' => [
                Event::ON_REQUEST => [Hyperf\HttpServer\Server::class, 'onRequest'],
            ],
        ],
        [
            'name' => 'ws',
            'type' => Server::SERVER_WEBSOCKET,
            'host' => '127.0.0.1',
            'port' => (int) (getenv('WS_PORT') ?: 9502),
            'sock_type' => SWOOLE_SOCK_TCP,
            'callbacks' => [
                Event::ON_HAND_SHAKE => [EchoSocket::class, 'onHandShake'],
                Event::ON_MESSAGE => [EchoSocket::class, 'onMessage'],
                Event::ON_CLOSE => [EchoSocket::class, 'onClose'],
            ],
        ],
        [
            'name' => 'tcp',
            'type' => Server::SERVER_BASE,
            'host' => '127.0.0.1',
            'port' => (int) (getenv('TCP_PORT') ?: 9503),
            'sock_type' => SWOOLE_SOCK_TCP,
            'callbacks' => [
                Event::ON_RECEIVE => [LineServer::class, 'onReceive'],
            ],
            'settings' => ['open_eof_split' => true, 'package_eof' => "\n"],
        ],
    ],
    'settings' => [
        'worker_num' => 1,
        'enable_coroutine' => true,
        'open_tcp_nodelay' => true,
    ],
];
