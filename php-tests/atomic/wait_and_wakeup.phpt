--TEST--
wait() takes a 1, wakeup() puts one where a 0 is, and other numbers stay
--FILE--
<?php

$atomic = new Swoole\Atomic(1);
var_dump($atomic->wait(), $atomic->get());

$start = microtime(true);
var_dump($atomic->wait(0.05), microtime(true) - $start >= 0.05);

var_dump($atomic->wakeup(), $atomic->get());
var_dump($atomic->wakeup(0), $atomic->get());

$atomic->set(5);
$start = microtime(true);
var_dump($atomic->wait(5), $atomic->wakeup(), $atomic->get(), microtime(true) - $start < 1);

echo "a time that no clock has\n";
$atomic->set(0);
var_dump($atomic->wait(1e300));
?>
--EXPECT--
bool(true)
int(0)
bool(false)
bool(true)
bool(true)
int(1)
bool(true)
int(1)
bool(false)
bool(true)
int(5)
bool(true)
a time that no clock has
bool(false)
