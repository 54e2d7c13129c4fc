--TEST--
Redis\Server: setHandler() and getHandler()
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

use Swoole\Redis\Server;

$server = new Server('127.0.0.1', 0);
var_dump($server instanceof Swoole\Server, $server->getHandler('GET'));
$first = static fn (): string => 'first';
$second = static fn (): string => 'second';
var_dump($server->setHandler('GeT', $first), $server->getHandler('gEt') === $first);
var_dump($server->setHandler('get', $second), $server->getHandler('GET') === $second);
var_dump($server->setHandler('strlen', 'strlen'), @$server->setHandler('none', 'no_function'), error_get_last()['message']);
var_dump($server->getHandler('none'));
foreach (['', str_repeat('x', 64)] as $command) {
    show_php("(new Swoole\\Redis\\Server('127.0.0.1', 0))->setHandler('$command', 'strlen'); echo 'not here';", ['display_errors=0']);
}
?>
--EXPECTF--
bool(true)
NULL
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
NULL
string(%d) "Swoole\Redis\Server::setHandler(): function 'no_function' is not callable"
NULL
exit code 255
exit code 255
