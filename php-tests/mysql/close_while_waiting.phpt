--TEST--
close() while another coroutine waits: that one goes on at once with false
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    go(static function () use ($mysql): void {
        echo "waits\n";
        var_dump($mysql->query('SELECT SLEEP(3)'));
        show_error($mysql);
    });
    echo "closes\n";
    var_dump($mysql->close(), $mysql->connected);
    var_dump($mysql->connect(mysql_settings()), count($mysql->query('SELECT 1')));
});
--EXPECT--
waits
closes
bool(false)
2002: SQLSTATE[HY000] [2002] Operation canceled
bool(true)
bool(false)
bool(true)
int(1)
