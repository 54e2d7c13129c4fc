--TEST--
curl_exec() and curl_multi_*() of the real ext/curl let other coroutines run
--EXTENSIONS--
curl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

$server = slow_http_server();
$port = $server->port;
$off = SWOOLE_HOOK_CURL | SWOOLE_HOOK_NATIVE_CURL;
$handle = static function (string $host) use ($port): CurlHandle {
    $curl = curl_init("http://$host:$port/");
    curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
    return $curl;
};
show_concurrency('curl_exec', static fn () => expect(curl_exec($handle('127.0.0.1')) === 'hello', 'curl_exec'), $off);
show_concurrency('by name', static fn () => expect(curl_exec($handle('localhost')) === 'hello', 'curl_exec'), $off);
show_concurrency('curl_multi', static function () use ($handle): void {
    $multi = curl_multi_init();
    $handles = [$handle('127.0.0.1'), $handle('127.0.0.1'), $handle('127.0.0.1')];
    foreach ($handles as $one) {
        curl_multi_add_handle($multi, $one);
    }
    do {
        curl_multi_exec($multi, $running);
        if ($running > 0) {
            curl_multi_select($multi, 1);
        }
    } while ($running > 0);
    foreach ($handles as $one) {
        expect(curl_multi_getcontent($one) === 'hello', 'curl_multi_getcontent');
        curl_multi_remove_handle($multi, $one);
    }
}, $off, 0.2, 30);
show_concurrency('its own time-out', static function () use ($handle): void {
    $curl = $handle('127.0.0.1');
    curl_setopt($curl, CURLOPT_TIMEOUT_MS, 100);
    expect(curl_exec($curl) === false && curl_errno($curl) === CURLE_OPERATION_TIMEDOUT, 'CURLOPT_TIMEOUT_MS');
}, $off, 0.1);
--EXPECT--
curl_exec: together, in turns without the hook
by name: together, in turns without the hook
curl_multi: together, in turns without the hook
its own time-out: together, in turns without the hook
