--TEST--
Server: TLS over datagrams is refused, not left out
--FILE--
<?php
try {
    new Swoole\Server('127.0.0.1', 0, SWOOLE_PROCESS, SWOOLE_SOCK_UDP | SWOOLE_SSL);
} catch (Swoole\Error $error) {
    echo $error->getMessage(), "\n";
}
$server = new Swoole\Server('127.0.0.1', 0, SWOOLE_BASE);
foreach ([SWOOLE_SOCK_UDP, SWOOLE_SOCK_UDP6, SWOOLE_SOCK_UNIX_DGRAM] as $type) {
    try {
        $server->listen('127.0.0.1', 0, $type | SWOOLE_SSL);
    } catch (Swoole\Error $error) {
        echo $error->getMessage(), "\n";
    }
}
echo count($server->ports), ' ', get_class($server->ports[0]->connections), "\n";
?>
--EXPECT--
TLS over datagrams (DTLS) is not in this release
TLS over datagrams (DTLS) is not in this release
TLS over datagrams (DTLS) is not in this release
TLS over datagrams (DTLS) is not in this release
1 Swoole\Connection\Iterator
