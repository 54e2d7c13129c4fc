<?php

declare(strict_types=1);

namespace Hyperf\Contract;

use Swoole\Coroutine\Server\Connection;
use Swoole\Server as SwooleServer;

interface OnReceiveInterface
{
    /** @param Connection|SwooleServer $server the server in the asynchronous style, the connection in the coroutine style */
    public function onReceive($server, int $fd, int $reactorId, string $data): void;
}
