--TEST--
Names whose server is slow or silent: 100 at once, time-outs of curl, and cancelled look-ups leave at once
--SKIPIF--
<?php
if (posix_geteuid() !== 0 || exec('unshare -m true 2>&1; echo $?') !== '0') {
    echo 'skip only root can have a name server of its own';
}
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

if (!getenv('INSIDE')) {
    // A mount namespace in which this is the only name server.
    $address = sprintf('127.77.%d.%d', random_int(1, 250), random_int(1, 250));
    $file = sys_get_temp_dir() . '/steelwool-' . getmypid();
    file_put_contents($file, "nameserver $address\n");
    $command = implode(' ', array_map(escapeshellarg(...), [...php_command(), __FILE__]));
    putenv("INSIDE=$address");
    passthru('unshare -m sh -c ' . escapeshellarg("mount --bind $file /etc/resolv.conf && exec $command"));
    unlink($file);
    exit;
}

$server = stream_socket_server('udp://' . getenv('INSIDE') . ':53', flags: STREAM_SERVER_BIND);
/** Answers names that begin with "slow" after 0.2 s: there are none of that name. */
$serve = static function () use ($server): void {
    while (true) {
        $query = stream_socket_recvfrom($server, 512, 0, $peer);
        if ($query === false) {
            return;
        }
        if (str_contains($query, 'slow')) {
            go(static function () use ($server, $query, $peer): void {
                usleep(200_000);
                $header = substr($query, 0, 2) . "\x81\x83" . substr($query, 4, 2) . "\0\0\0\0\0\0";
                $end = strpos($query, "\0", 12) + 5;
                stream_socket_sendto($server, $header . substr($query, 12, $end - 12), 0, $peer);
            });
        }
    }
};
Swoole\Coroutine\run(static function () use ($serve): void {
    $server = go($serve);
    $group = new Swoole\Coroutine\WaitGroup();
    $start = microtime(true);
    for ($i = 0; $i < 100; $i++) {
        $group->add();
        go(static function () use ($i, $group): void {
            expect(gethostbyname("slow$i.test.") === "slow$i.test.", 'answer');
            $group->done();
        });
    }
    $group->wait();
    $time = microtime(true) - $start;
    echo $time > 0.19 && $time < 12 ? "100 at once\n" : "100 took $time s\n";

    $curl = static function (string $url, int $limit = 60_000): array {
        $curl = curl_init($url);
        curl_setopt_array($curl, [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT_MS => $limit]);
        return [curl_exec($curl), curl_errno($curl)];
    };
    $calls = [
        'gethostbyname' => static fn () => gethostbyname('silent.test.'),
        'dns_get_record' => static fn () => @dns_get_record('silent.test.', DNS_A),
        'file_get_contents' => static fn () => @file_get_contents('http://silent.test./'),
        'curl' => static fn () => $curl('http://silent.test./')[0],
    ];
    foreach ($calls as $name => $call) {
        $left = null;
        $cid = go(static function () use ($call, &$left, &$result): void {
            $result = $call();
            $left = microtime(true);
        });
        usleep(30_000);
        $start = microtime(true);
        Swoole\Coroutine::cancel($cid);
        while ($left === null && microtime(true) < $start + 2) {
            usleep(1000);
        }
        $late = $left === null ? 2 : $left - $start;
        echo "$name: ", json_encode($result), $late < 1.5 ? ' at once' : " after $late s", "\n";
    }

    $start = microtime(true);
    $result = $curl('http://silent.test./', 200);
    $time = microtime(true) - $start;
    echo $result === [false, CURLE_OPERATION_TIMEDOUT] && $time < 3 ? 'time-out of curl' : json_encode([$result, $time]), "\n";
    $result = $curl('http://slow.test./');
    echo $result === [false, CURLE_COULDNT_RESOLVE_HOST] ? 'no such host' : json_encode($result), "\n";
    Swoole\Coroutine::cancel($server);
});
--EXPECT--
100 at once
gethostbyname: "silent.test." at once
dns_get_record: false at once
file_get_contents: false at once
curl: false at once
time-out of curl
no such host
