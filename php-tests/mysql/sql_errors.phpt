--TEST--
Wrong SQL: false with errno and error, and the connection goes on
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    foreach (['SELEC 1', '', 'SELECT * FROM nowhere', 'SELECT 1; SELECT 2', 'INSERT INTO nowhere VALUES (1)'] as $sql) {
        var_dump($mysql->query($sql));
        show_error($mysql);
    }
    var_dump($mysql->prepare('SELECT ? FROM'), $mysql->errno);
    var_dump($mysql->connected, $mysql->query('SELECT 2 AS two')[0]['two']);
    // success does not clear them
    var_dump($mysql->errno);
});
--EXPECT--
bool(false)
1064: SQLSTATE[42000] [1064] You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near 'SELEC 1' at line 1
bool(false)
1065: SQLSTATE[42000] [1065] Query was empty
bool(false)
1146: SQLSTATE[42S02] [1146] Table 'test.nowhere' doesn't exist
bool(false)
1064: SQLSTATE[42000] [1064] You have an error in your SQL syntax; check the manual that corresponds to your MariaDB server version for the right syntax to use near 'SELECT 2' at line 1
bool(false)
1146: SQLSTATE[42S02] [1146] Table 'test.nowhere' doesn't exist
bool(false)
int(1064)
bool(true)
string(1) "2"
int(1064)
