--TEST--
An error of the server in the middle of the rows: false, and the connection goes on
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    var_dump($mysql->query('SELECT seq, IF(seq < 2000, 1, (SELECT 1 UNION SELECT 2)) FROM seq_1_to_4000'));
    var_dump($mysql->errno, $mysql->query('SELECT 3 AS three')[0]['three']);
});
--EXPECT--
bool(false)
int(1242)
string(1) "3"
