--TEST--
Workers send each other messages: datagrams, or messages of any length by the message bus, with coroutines and without
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process\Pool;

foreach ([false, true] as $coroutine) {
    foreach ([false, true] as $bus) {
        $pool = new Pool(2, SWOOLE_IPC_UNIXSOCK);
        $pool->set(['enable_coroutine' => $coroutine, 'enable_message_bus' => $bus]);
        $sizes = $bus ? [1, 8 << 20, 100000] : [1, 60000, 3];
        $pool->on('workerStart', static function (Pool $pool, int $id) use ($sizes): void {
            if ($id === 0) {
                foreach ($sizes as $size) {
                    if (!$pool->sendMessage(str_repeat('x', $size - 1) . '.', 1)) {
                        echo "not sent\n";
                    }
                }
            }
        });
        $pool->on('message', static function (Pool $pool, string $data) use ($sizes): void {
            echo strlen($data), ' bytes ', substr($data, -1), "\n";
            if (strlen($data) === end($sizes)) {
                $pool->shutdown();
            }
        });
        $pool->start();
        echo $coroutine ? 'coroutines' : 'one after the other', $bus ? ', bus' : '', "\n";
    }
}

?>
--EXPECT--
1 bytes .
60000 bytes .
3 bytes .
one after the other
1 bytes .
8388608 bytes .
100000 bytes .
one after the other, bus
1 bytes .
60000 bytes .
3 bytes .
coroutines
1 bytes .
8388608 bytes .
100000 bytes .
coroutines, bus
