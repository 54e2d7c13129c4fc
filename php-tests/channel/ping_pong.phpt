--TEST--
Two coroutines and two channels: the exact order of switches
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $ping = new Channel(1);
    $pong = new Channel(1);
    go(static function () use ($ping, $pong): void {
        while (($n = $ping->pop()) !== false) {
            echo "  pong $n\n";
            $pong->push($n);
            echo "  pushed $n\n";
        }
        echo "  closed\n";
    });
    for ($i = 0; $i < 3; $i++) {
        echo "ping $i\n";
        $ping->push($i);
        echo "wait\n";
        echo 'got ' . $pong->pop() . "\n";
    }
    $ping->close();
    echo "end\n";
});
--EXPECT--
ping 0
  pong 0
  pushed 0
wait
got 0
ping 1
  pong 1
  pushed 1
wait
got 1
ping 2
  pong 2
  pushed 2
wait
got 2
  closed
end
