<?php

declare(strict_types=1);

namespace Hyperf\Server;

/** Names of the callbacks in the configuration. */
final class Event
{
    public const ON_WORKER_START = 'workerStart';
    public const ON_CONNECT = 'connect';
    public const ON_RECEIVE = 'receive';
    public const ON_REQUEST = 'request';
    public const ON_HAND_SHAKE = 'handshake';
    public const ON_MESSAGE = 'message';
    public const ON_CLOSE = 'close';
}
