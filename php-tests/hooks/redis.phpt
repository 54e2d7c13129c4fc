--TEST--
phpredis lets other coroutines run: blPop, pub/sub, its read time-out
--EXTENSIONS--
redis
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

[$service, $port] = Service::redis();
$connect = static function () use ($port): Redis {
    $redis = new Redis();
    $redis->connect('127.0.0.1', $port);
    return $redis;
};
$off = SWOOLE_HOOK_TCP;
show_concurrency('read time-out', static function (int $i) use ($connect): void {
    $redis = $connect();
    $redis->setOption(Redis::OPT_READ_TIMEOUT, 0.2);
    try {
        $redis->blPop(["nothing $i"], 0);
        echo "returned\n";
    } catch (RedisException $exception) {
        expect(str_contains($exception->getMessage(), 'read error'), $exception->getMessage());
    }
}, $off);
$took = seconds_of(50, static function (int $i) use ($connect): void {
    $redis = $connect();
    go(static function () use ($connect, $i): void {
        $redis = $connect();
        usleep(200_000);
        $redis->rPush("list $i", "value $i");
    });
    expect($redis->blPop(["list $i"], 5) === ["list $i", "value $i"], 'blPop');
});
echo $took < 6 ? "blPop: together\n" : "blPop: $took s\n";
--EXPECT--
read time-out: together, in turns without the hook
blPop: together
