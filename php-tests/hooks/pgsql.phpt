--TEST--
PDO_PGSQL and ext/pgsql let other coroutines run
--EXTENSIONS--
pgsql
pdo_pgsql
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

[$service, $port] = Service::postgres();
$off = SWOOLE_HOOK_PDO_PGSQL;
show_concurrency('PDO', static function (int $i) use ($port): void {
    $pdo = new PDO("pgsql:host=127.0.0.1;port=$port;dbname=postgres;user=postgres");
    $statement = $pdo->prepare('SELECT pg_sleep(0.2), ?::int');
    $statement->execute([$i]);
    expect((int) $statement->fetch(PDO::FETCH_NUM)[1] === $i, 'PDO');
}, $off, 0.2, 60);
show_concurrency('pg_query', static function (int $i) use ($port): void {
    $connection = pg_connect("host=127.0.0.1 port=$port dbname=postgres user=postgres", PGSQL_CONNECT_FORCE_NEW);
    expect((int) pg_fetch_row(pg_query($connection, "SELECT pg_sleep(0.2), $i"))[1] === $i, 'pg_query');
}, $off, 0.2, 60);
--EXPECT--
PDO: together, in turns without the hook
pg_query: together, in turns without the hook
