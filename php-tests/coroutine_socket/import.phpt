--TEST--
import(): a stream's descriptor, which belongs to the stream
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Socket;

Coroutine\run(static function (): void {
    [$stream, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    $socket = Socket::import($stream);
    var_dump($socket->domain === AF_UNIX, $socket->type === SOCK_STREAM, $socket->fd > 2);
    fwrite($other, 'hello');
    var_dump($socket->recv(), $socket->send('there'), fread($other, 5));
    var_dump($socket->close(), is_resource($stream), fread($other, 5), feof($other));

    [$stream, $other] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    $socket = Socket::import($stream);
    unset($stream);
    fwrite($other, 'still open');
    var_dump($socket->recv());
    unset($socket);
    var_dump(fread($other, 5), feof($other));

    var_dump(Socket::import(fopen(__FILE__, 'r')));
    foreach ([1, $other] as $wrong) {
        if (is_resource($wrong)) {
            fclose($wrong);
        }
        try {
            Socket::import($wrong);
        } catch (TypeError $error) {
            echo $error->getMessage(), "\n";
        }
    }
});
?>
--EXPECTF--
bool(true)
bool(true)
bool(true)
string(5) "hello"
int(5)
string(5) "there"
bool(true)
bool(false)
string(0) ""
bool(true)
string(10) "still open"
string(0) ""
bool(true)

Warning: Swoole\Coroutine\Socket::import(): Cannot represent a stream of type STDIO as a Socket Descriptor in %s on line %d
bool(false)
Swoole\Coroutine\Socket::import(): Argument #1 ($stream) must be of type resource, int given
Swoole\Coroutine\Socket::import(): supplied resource is not a valid stream resource
