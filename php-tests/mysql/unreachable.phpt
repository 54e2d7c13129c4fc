--TEST--
A port without server, a missing socket and an unknown name: connect() is false with errno 2002
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    foreach (
        [
            ['host' => '127.0.0.1', 'port' => 1],
            ['host' => '::1', 'port' => 1],
            ['host' => 'unix:/nowhere/mysql.sock'],
            ['host' => 'no.such.host.invalid'],
            ['host' => ''],
        ] as $where
    ) {
        $mysql = @new Swoole\Coroutine\MySQL();
        var_dump($mysql->connect(mysql_settings($where)));
        echo "$mysql->connect_errno: $mysql->connect_error\n";
    }
});
--EXPECT--
bool(false)
2002: SQLSTATE[HY000] [2002] Connection refused
bool(false)
2002: SQLSTATE[HY000] [2002] Connection refused
bool(false)
2002: SQLSTATE[HY000] [2002] No such file or directory
bool(false)
2002: SQLSTATE[HY000] [2002] DNS Lookup resolve failed
bool(false)
2002: SQLSTATE[HY000] [2002] DNS Lookup resolve failed
