--TEST--
an atomic counts modulo 2 ** 32, Atomic\Long modulo 2 ** 64 with a sign
--FILE--
<?php

$atomic = new Swoole\Atomic(-1);
var_dump($atomic->get(), $atomic->add(), $atomic->add(-5), $atomic->sub(2 ** 40), $atomic->sub());
$atomic->set(2 ** 33 + 7);
var_dump($atomic->get());
var_dump($atomic->cmpset(2 ** 32 + 7, -1), $atomic->cmpset(0, 1), $atomic->get());

$long = new Swoole\Atomic\Long(PHP_INT_MAX);
var_dump($long->add() === PHP_INT_MIN, $long->sub() === PHP_INT_MAX);
var_dump($long->cmpset(PHP_INT_MAX, -4), $long->cmpset(0, 1), $long->get());
$long->set(2 ** 40);
var_dump($long->add(1), $long->sub(2));
?>
--EXPECT--
int(4294967295)
int(0)
int(4294967291)
int(4294967291)
int(4294967290)
int(7)
bool(true)
bool(false)
int(4294967295)
bool(true)
bool(true)
bool(true)
bool(false)
int(-4)
int(1099511627777)
int(1099511627775)
