--TEST--
null, false, closures, resources and references pass through
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

Coroutine\run(static function (): void {
    $channel = new Channel(10);
    $array = [1, 2, 3];
    $reference = &$array[1];
    foreach ([null, false, 0, '', 1.5, fn () => 'closure', STDIN, $array] as $value) {
        $channel->push($value);
    }
    while (!$channel->isEmpty()) {
        $value = $channel->pop();
        echo get_debug_type($value), ' ', $value instanceof Closure ? $value() : json_encode($value), ' ', $channel->errCode, "\n";
    }
});
--EXPECT--
null null 0
bool false 0
int 0 0
string "" 0
float 1.5 0
Closure closure 0
resource (stream)  0
array [1,2,3] 0
