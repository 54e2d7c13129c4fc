--TEST--
new Server() throws what bind() said, and says why in errCode
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine\Http\Server;

Swoole\Coroutine\run(static function (): void {
    $first = new Server('127.0.0.1', 0);
    foreach ([['127.0.0.1', $first->port], ['localhost', 0], ['256.1.1.1', 0], ['127.0.0.1', 99999], ['', 0]] as $where) {
        try {
            new Server(...$where);
        } catch (Swoole\Exception $exception) {
            echo str_replace((string) $first->port, 'PORT', $exception->getMessage()), ' ', $exception->getCode(), "\n";
        }
    }
});
--EXPECT--
bind(127.0.0.1:PORT) failed 98
bind(localhost:0) failed 722
bind(256.1.1.1:0) failed 722
bind(127.0.0.1:99999) failed 723
host is empty 22
