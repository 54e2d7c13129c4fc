<?php

declare(strict_types=1);

// argv[1] coroutines send argv[2] GETs each, one after the other, with curl_exec(): "kept" on a handle, and so a connection, for each coroutine, "new" on a
// handle for each request. CPU of the client for each.

require __DIR__ . '/measure.php';

[, $coroutines, $requests, $handles] = $argv;
$server = proc_open([PHP_BINARY, __DIR__ . '/replies.php', $coroutines], [1 => ['pipe', 'w'], 2 => STDERR], $pipes);
$port = (int) fgets($pipes[1]);
$handle = static function () use ($port): CurlHandle {
    $curl = curl_init("http://127.0.0.1:$port/");
    curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
    return $curl;
};
$round = static function (int $requests) use ($handle, $handles, $coroutines): void {
    Swoole\Coroutine::set(['hook_flags' => SWOOLE_HOOK_NATIVE_CURL]);
    Swoole\Coroutine\run(static function () use ($handle, $handles, $coroutines, $requests): void {
        for ($i = 0; $i < $coroutines; $i++) {
            go(static function () use ($handle, $handles, $requests): void {
                $curl = $handle();
                for ($n = 0; $n < $requests; $n++) {
                    if ($handles === 'new' && $n > 0) {
                        $curl = $handle();
                    }
                    curl_exec($curl) === 'Hello, World!' || exit('no reply: ' . curl_error($curl) . "\n");
                }
            });
        }
    });
};
$round(2);
$start = cpu_seconds();
$round((int) $requests);
$used = cpu_seconds() - $start;
proc_terminate($server);
echo json_encode(['cpu_ns' => $used / $requests / $coroutines * 1e9]), "\n";
