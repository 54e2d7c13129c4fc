--TEST--
Async\Client says what is wrong
--FILE--
<?php
use Swoole\Async\Client;

require __DIR__ . '/../include/bootstrap.php';

function attempt(callable $call): void
{
    try {
        var_dump($call());
    } catch (Throwable $error) {
        echo get_class($error), ': ', $error->getMessage(), "\n";
    }
}

attempt(fn () => new Client(9));
$client = new Client(SWOOLE_SOCK_TCP);
foreach (['close', 'isConnected', 'sleep', 'wakeup', 'recv', 'enableSSL'] as $method) {
    attempt(fn () => $client->$method());
}
attempt(fn () => $client->send('x'));
attempt(fn () => $client->enableSSL(fn () => null));
attempt(fn () => $client->connect('127.0.0.1', 1));
attempt(fn () => $client->on('nonsense', fn () => null));
attempt(fn () => $client->on('connect', 'nonsense'));
attempt(fn () => $client->on('', fn () => null));
attempt(fn () => $client->on('conn', fn () => null));
attempt(fn () => $client->connect(''));
attempt(fn () => $client->connect('127.0.0.1', 0));
attempt(fn () => $client->connect('127.0.0.1', 65536));
foreach (['receive', 'error', 'close'] as $missing) {
    show_php(<<<PHP
        \$client = new Swoole\\Async\\Client(SWOOLE_SOCK_TCP);
        foreach (array_diff(['connect', 'receive', 'error', 'close'], ['$missing']) as \$name) {
            \$client->on(\$name, fn () => print("\$name\\n"));
        }
        \$client->connect('127.0.0.1', 1);
        PHP);
}
?>
--EXPECTF--
TypeError: Swoole\Async\Client::__construct() expects parameter 1 to be client type, unknown type 9 given

Warning: Swoole\Async\Client::close(): client is not connected to the server in %s on line %d
bool(false)
bool(false)

Warning: Swoole\Async\Client::sleep(): client is not connected to server in %s on line %d
bool(false)

Warning: Swoole\Async\Client::wakeup(): client is not connected to server in %s on line %d
bool(false)

Warning: Swoole\Client::recv(): client is not connected to server in %s on line %d
bool(false)
Swoole\Exception: require `onSslReady` callback

Warning: Swoole\Client::send(): client is not connected to server in %s on line %d
bool(false)

Warning: Swoole\Async\Client::enableSSL(): client is not connected to server in %s on line %d
bool(false)

Warning: Swoole\Async\Client::connect(): async client is not initialized in %s on line %d
bool(false)

Warning: Swoole\Async\Client::on(): Unknown event callback type name 'nonsense' in %s on line %d
bool(false)

Warning: Swoole\Async\Client::on(): function 'nonsense' is not callable in %s on line %d
NULL

Warning: Swoole\Async\Client::on(): Unknown event callback type name '' in %s on line %d
bool(false)
bool(true)

Warning: Swoole\Async\Client::connect(): The host is empty in %s on line %d
bool(false)

Warning: Swoole\Async\Client::connect(): The port is invalid in %s on line %d
bool(false)

Warning: Swoole\Async\Client::connect(): The port is invalid in %s on line %d
bool(false)

Fatal error: Swoole\Async\Client::connect(): no 'onReceive' callback function in %s on line %d
exit code 255

Fatal error: Swoole\Async\Client::connect(): no 'onError' callback function in %s on line %d
exit code 255

Fatal error: Swoole\Async\Client::connect(): no 'onClose' callback function in %s on line %d
exit code 255
