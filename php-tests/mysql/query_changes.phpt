--TEST--
Statements without rows give true and set affected_rows and insert_id
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    var_dump($mysql->query('CREATE TEMPORARY TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, n INT)'));
    var_dump($mysql->query('INSERT INTO t (n) VALUES (1), (2), (3)'), $mysql->affected_rows, $mysql->insert_id);
    var_dump($mysql->query('UPDATE t SET n = 5 WHERE id > 1'), $mysql->affected_rows, $mysql->insert_id);
    var_dump($mysql->query('DELETE FROM t WHERE id = 99'), $mysql->affected_rows);
    // rows leave them as they are
    $mysql->query('INSERT INTO t (n) VALUES (4)');
    var_dump(count($mysql->query('SELECT * FROM t')), $mysql->affected_rows, $mysql->insert_id);
});
--EXPECT--
bool(true)
bool(true)
int(3)
int(1)
bool(true)
int(2)
int(0)
bool(true)
int(0)
int(4)
int(1)
int(4)
