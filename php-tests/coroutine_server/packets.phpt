--TEST--
Coroutine\Server: packets by length and by their end, shutdown(), exportSocket()
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Server;
use Swoole\Coroutine\Server\Connection;
use Swoole\Coroutine\Socket;

/** Starts a server in a coroutine of its own. */
function serve(array $settings, callable $handler): Server
{
    $server = new Server('127.0.0.1');
    $server->set($settings);
    $server->handle($handler);
    Coroutine::create(static function () use ($server): void {
        var_dump($server->start());
    });
    return $server;
}

function connect(Server $server): Socket
{
    $client = new Socket(AF_INET, SOCK_STREAM, 0);
    $client->connect('127.0.0.1', $server->port);
    return $client;
}

Coroutine\run(static function (): void {
    $echo = static function (Connection $connection): void {
        while (($packet = $connection->recv()) !== '') {
            $connection->send(strrev($packet));
        }
        var_dump($connection->recv(0.01), $connection->close(), $connection->exportSocket()->isClosed());
    };
    $server = serve(['open_eof_check' => true, 'package_eof' => "\n"], $echo);
    $clients = [connect($server), connect($server)];
    $clients[0]->send('ab');
    $clients[1]->send("12\n34");
    var_dump($clients[1]->recv());
    $clients[0]->send("c\n");
    var_dump($clients[0]->recv());
    $clients[0]->close();
    Coroutine::sleep(0.01);
    var_dump($server->shutdown(), $server->shutdown());
    $clients[1]->send("\n");
    var_dump($clients[1]->recv());
    $clients[1]->close();
    Coroutine::sleep(0.01);

    $server = serve(['open_length_check' => true, 'package_length_type' => 'C', 'package_body_offset' => 1], $echo);
    $client = connect($server);
    $client->send("\3abc\2d");
    var_dump($client->recv() === "cba\3");
    $client->send('e');
    var_dump($client->recv() === "ed\2");
    $server->shutdown();
    $client->close();
    Coroutine::sleep(0.01);

    $server = new Server('127.0.0.1', 0, false, true);
    $other = new Server('127.0.0.1', $server->port, false, true);
    var_dump($other->port === $server->port, $server->type === AF_INET, $server->fd > 2, $server->setting);
    var_dump($server->start(), $server->errCode === SOCKET_EINVAL);
    try {
        new Server('127.0.0.1', $server->port);
    } catch (Swoole\Exception $error) {
        echo $error->getCode(), ' ', str_replace((string) $server->port, 'PORT', $error->getMessage()), "\n";
    }
    $path = sys_get_temp_dir() . '/steelwool-' . getmypid() . '.sock';
    $server = new Server("unix:$path");
    var_dump($server->type === AF_UNIX, $server->host === $path, $server->port);
    unlink($path);
});
?>
--EXPECT--
string(3) "
21"
string(4) "
cba"
string(0) ""
bool(true)
bool(true)
bool(true)
bool(true)
bool(false)
string(3) "
43"
string(0) ""
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
string(0) ""
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
array(1) {
  ["open_ssl"]=>
  bool(false)
}
bool(false)
bool(true)
98 bind(127.0.0.1:PORT) failed
bool(true)
bool(true)
int(0)
