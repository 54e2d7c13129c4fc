--TEST--
swoole.use_shortname off removes go(), defer(), Co and Chan, and nothing else
--INI--
swoole.use_shortname=off
--FILE--
<?php

declare(strict_types=1);

var_dump(function_exists('go'), function_exists('defer'), class_exists('Co'), class_exists('Chan'));
var_dump(class_exists('Swoole\Coroutine'), function_exists('Swoole\Coroutine\run'), class_exists('Co\Channel'));
--EXPECT--
bool(false)
bool(false)
bool(false)
bool(false)
bool(true)
bool(true)
bool(false)
