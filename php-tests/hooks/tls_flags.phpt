--TEST--
ssl:// and tls:// streams obey SWOOLE_HOOK_SSL and SWOOLE_HOOK_TLS, not SWOOLE_HOOK_TCP
--EXTENSIONS--
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

use Swoole\Coroutine;

// It accepts, by its backlog, and says nothing: handshakes and reads end by their time limits.
$silent = stream_socket_server('tcp://127.0.0.1:0', $errno, $error, context: stream_context_create(['socket' => ['backlog' => 64]]));
$address = stream_socket_get_name($silent, false);

/** Whether another coroutine runs while `$call` waits. */
function yields(int $flags, Closure $call): string
{
    $order = [];
    seconds_of(1, static function () use ($call, &$order): void {
        go(static function () use ($call, &$order): void {
            $call();
            $order[] = 'call';
        });
        $order[] = 'other';
    }, $flags);
    return $order === ['other', 'call'] ? 'yields' : 'blocks';
}

$calls = [
    'tcp' => static function () use ($address): void {
        $stream = stream_socket_client("tcp://$address");
        stream_set_timeout($stream, 0, 20_000);
        fread($stream, 1);
    },
    'ssl' => static fn () => @stream_socket_client("ssl://$address", $errno, $error, 0.02),
    'tls' => static fn () => @stream_socket_client("tls://$address", $errno, $error, 0.02),
    'https' => static fn () => @file_get_contents("https://$address/", false, stream_context_create(['http' => ['timeout' => 0.02]])),
];
foreach (['ALL' => 0, 'TCP' => SWOOLE_HOOK_TCP, 'SSL' => SWOOLE_HOOK_SSL, 'TLS' => SWOOLE_HOOK_TLS] as $name => $off) {
    echo $off === 0 ? 'all' : "all but $name", ':';
    foreach ($calls as $what => $call) {
        echo " $what ", yields(SWOOLE_HOOK_ALL & ~$off, $call), $what === 'https' ? "\n" : ',';
    }
}
--EXPECT--
all: tcp yields, ssl yields, tls yields, https yields
all but TCP: tcp blocks, ssl yields, tls yields, https yields
all but SSL: tcp yields, ssl blocks, tls yields, https blocks
all but TLS: tcp yields, ssl yields, tls blocks, https yields
