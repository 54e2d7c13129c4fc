--TEST--
A channel can be neither cloned nor serialized
--FILE--
<?php

declare(strict_types=1);

$channel = new Swoole\Coroutine\Channel(1);
try {
    clone $channel;
} catch (Error $e) {
    echo $e->getMessage(), "\n";
}
try {
    serialize($channel);
} catch (Exception $e) {
    echo $e->getMessage(), "\n";
}
--EXPECT--
Trying to clone an uncloneable object of class Swoole\Coroutine\Channel
Serialization of 'Swoole\Coroutine\Channel' is not allowed
