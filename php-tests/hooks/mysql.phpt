--TEST--
PDO MySQL and mysqli let other coroutines run; a read time-out holds
--EXTENSIONS--
mysqli
pdo_mysql
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

[$host, $port, $user, $password, $database] = array_map(
    static fn (string $name) => getenv("STEELWOOL_MYSQL_$name"),
    ['HOST', 'PORT', 'USER', 'PASSWORD', 'DATABASE'],
);
$off = SWOOLE_HOOK_TCP;
show_concurrency('PDO', static function (int $i) use ($host, $port, $user, $password, $database): void {
    $pdo = new PDO("mysql:host=$host;port=$port;dbname=$database", $user, $password);
    $statement = $pdo->prepare('SELECT SLEEP(0.2), ?');
    $statement->execute([$i]);
    expect((int) $statement->fetch(PDO::FETCH_NUM)[1] === $i, 'PDO');
}, $off);
show_concurrency('mysqli', static function (int $i) use ($host, $port, $user, $password, $database): void {
    $mysqli = new mysqli($host, $user, $password, $database, (int) $port);
    expect((int) $mysqli->query("SELECT SLEEP(0.2), $i")->fetch_row()[1] === $i, 'mysqli');
}, $off);
show_concurrency('mysqli_poll', static function (int $i) use ($host, $port, $user, $password, $database): void {
    $mysqli = new mysqli($host, $user, $password, $database, (int) $port);
    $mysqli->query("SELECT SLEEP(0.2), $i", MYSQLI_ASYNC);
    do {
        $read = $error = $reject = [$mysqli];
    } while (mysqli_poll($read, $error, $reject, 1) === 0);
    expect((int) $mysqli->reap_async_query()->fetch_row()[1] === $i, 'mysqli_poll');
}, SWOOLE_HOOK_ALL, 0.2, 20);
seconds_of(1, static function () use ($host, $port, $user, $password, $database): void {
    mysqli_report(MYSQLI_REPORT_OFF);
    $mysqli = mysqli_init();
    $mysqli->options(MYSQLI_OPT_READ_TIMEOUT, 1);
    $mysqli->real_connect($host, $user, $password, $database, (int) $port);
    $start = microtime(true);
    var_dump(@$mysqli->query('SELECT SLEEP(3)'), $mysqli->errno);
    $took = microtime(true) - $start;
    echo $took >= 1 && $took < 2.8 ? "after 1 s\n" : "after $took s\n";
});
--EXPECT--
PDO: together, in turns without the hook
mysqli: together, in turns without the hook
mysqli_poll: together, in turns without the hook
bool(false)
int(2006)
after 1 s
