--TEST--
ssl:// and tls:// streams obey SWOOLE_HOOK_SSL and SWOOLE_HOOK_TLS, not SWOOLE_HOOK_TCP
--EXTENSIONS--
openssl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

use Swoole\Coroutine;

// It says nothing: what yields ends when the other coroutine hangs up, what blocks by its time limit.
$silent = stream_socket_server('tcp://127.0.0.1:0', $errno, $error, context: stream_context_create(['socket' => ['backlog' => 64]]));
$address = stream_socket_get_name($silent, false);

/** Whether another coroutine runs while `$call` waits. */
function yields(int $flags, Closure $call, float $limit, $silent): string
{
    $order = [];
    Coroutine::set(['hook_flags' => $flags]);
    Coroutine\run(static function () use ($call, $limit, $silent, &$order): void {
        go(static function () use ($call, $limit, &$order): void {
            $call($limit);
            $order[] = 'call';
        });
        $order[] = 'other';
        fclose(stream_socket_accept($silent, 30));
    });
    return $order === ['other', 'call'] ? 'yields' : 'blocks';
}

$calls = [
    'tcp' => static function (float $limit) use ($address): void {
        $stream = stream_socket_client("tcp://$address");
        stream_set_timeout($stream, (int) $limit, (int) (fmod($limit, 1) * 1e6));
        fread($stream, 1);
    },
    'ssl' => static fn (float $limit) => @stream_socket_client("ssl://$address", $errno, $error, $limit),
    'tls' => static fn (float $limit) => @stream_socket_client("tls://$address", $errno, $error, $limit),
    'https' => static fn (float $limit) => @file_get_contents("https://$address/", false, stream_context_create(['http' => ['timeout' => $limit]])),
];
$blocking = ['ALL' => [], 'TCP' => ['tcp'], 'SSL' => ['ssl', 'https'], 'TLS' => ['tls']];
foreach (['ALL' => 0, 'TCP' => SWOOLE_HOOK_TCP, 'SSL' => SWOOLE_HOOK_SSL, 'TLS' => SWOOLE_HOOK_TLS] as $name => $off) {
    echo $off === 0 ? 'all' : "all but $name", ':';
    foreach ($calls as $what => $call) {
        $limit = in_array($what, $blocking[$name], true) ? 0.05 : 30.0;
        echo " $what ", yields(SWOOLE_HOOK_ALL & ~$off, $call, $limit, $silent), $what === 'https' ? "\n" : ',';
    }
}
--EXPECT--
all: tcp yields, ssl yields, tls yields, https yields
all but TCP: tcp blocks, ssl yields, tls yields, https yields
all but SSL: tcp yields, ssl blocks, tls yields, https blocks
all but TLS: tcp yields, ssl yields, tls blocks, https yields
