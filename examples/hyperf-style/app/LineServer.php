<?php

declare(strict_types=1);

namespace App;

use Hyperf\Contract\OnReceiveInterface;
use Swoole\Coroutine\Server\Connection;

/** Says each line backwards, and what it was given to say it with. */
final class LineServer implements OnReceiveInterface
{
    public function onReceive($server, int $fd, int $reactorId, string $data): void
    {
        $line = get_debug_type($server) . ': ' . strrev(rtrim($data, "\n")) . "\n";
        $server instanceof Connection ? $server->send($line) : $server->send($fd, $line);
    }
}
