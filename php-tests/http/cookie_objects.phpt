--TEST--
Http\Cookie: step by step, as an array, as a line, and what happens when it cannot be sent
--FILE--
<?php

declare(strict_types=1);

use Swoole\Http\Cookie;

$cookie = new Cookie();
$same = $cookie->withName('id')->withValue('a b;c')->withExpires(4_000_000_000)->withPath('/p')->withDomain('d.org')
    ->withSecure(true)->withHttpOnly(true)->withSameSite('Lax')->withPriority('High')->withPartitioned(true);
var_dump($same === $cookie);
echo json_encode($cookie->toArray()), "\n";
echo preg_replace('/Max-Age=\d+/', 'Max-Age=(n)', $cookie->toString()), "\n";
$cookie->withExpires()->withSecure()->withHttpOnly()->withPartitioned()->withDomain('')->withSameSite('')->withPriority('');
echo $cookie->toString(), "\n";
echo $cookie->withValue('')->toString(), "\n";
$cookie->reset();
echo json_encode($cookie->toArray()), "\n";
var_dump($cookie->toString());

$raw = (new Cookie(false))->withName('raw')->withValue('%20');
echo $raw->toString(), "\n";
var_dump($raw->withValue('no space')->toString());
echo json_encode($raw->toArray()), "\n";
foreach (['withName', 'withValue', 'withPath', 'withDomain', 'withSameSite', 'withPriority'] as $method) {
    try {
        $cookie->$method();
    } catch (ArgumentCountError $error) {
        echo $error->getMessage(), "\n";
    }
}
try {
    clone $cookie;
} catch (Error $error) {
    echo $error->getMessage(), "\n";
}
--EXPECTF--
bool(true)
{"name":"id","value":"a b;c","path":"\/p","domain":"d.org","sameSite":"Lax","priority":"High","encode":true,"expires":4000000000,"secure":true,"httpOnly":true,"partitioned":true}
id=a+b%3Bc; expires=Tue, 02-Oct-2096 07:06:40 GMT; Max-Age=(n); path=/p; domain=d.org; secure; HttpOnly; SameSite=Lax; Priority=High; Partitioned
id=a+b%3Bc; path=/p
id=deleted; expires=Thu, 01-Jan-1970 00:00:01 GMT; Max-Age=0; path=/p
{"name":"","value":"","path":"","domain":"","sameSite":"","priority":"","encode":true,"expires":0,"secure":false,"httpOnly":false,"partitioned":false}

Warning: Swoole\Http\Cookie::toString(): The name cannot be empty in %s on line %d
bool(false)
raw=%20

Warning: Swoole\Http\Cookie::toString(): The value cannot contain ",", ";", " ", "\t", "\r", "\n", "\013", or "\014" in %s on line %d
bool(false)
{"name":"","value":"","path":"","domain":"","sameSite":"","priority":"","encode":true,"expires":0,"secure":false,"httpOnly":false,"partitioned":false}
Swoole\Http\Cookie::withName() expects exactly 1 argument, 0 given
Swoole\Http\Cookie::withValue() expects exactly 1 argument, 0 given
Swoole\Http\Cookie::withPath() expects exactly 1 argument, 0 given
Swoole\Http\Cookie::withDomain() expects exactly 1 argument, 0 given
Swoole\Http\Cookie::withSameSite() expects exactly 1 argument, 0 given
Swoole\Http\Cookie::withPriority() expects exactly 1 argument, 0 given
Trying to clone an uncloneable object of class Swoole\Http\Cookie
