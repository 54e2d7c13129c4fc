--TEST--
A statement ends with its connection; close() and destruction let the server forget it
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    $count = static fn (): int => (int) $mysql->query("SHOW SESSION STATUS LIKE 'Com_stmt_close'")[0]['Value'];
    $one = $mysql->prepare('SELECT 1');
    $two = $mysql->prepare('SELECT 2');
    $three = $mysql->prepare('SELECT 3');
    var_dump($count(), $one->close(), $count());
    $two = null;
    var_dump($count(), $one->close(), $one->execute(), $one->fetch(), $one->fetchAll(), $one->nextResult(), $one->recv());
    show_error($one);
    $mysql->close();
    $mysql->connect(mysql_settings());
    var_dump($three->execute(), $mysql->connected);
    show_error($three);
    var_dump(count($mysql->prepare('SELECT 4')->execute()));
});
--EXPECT--
int(0)
bool(true)
int(1)
int(2)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
104: statement must to be recompiled after the connection is broken
bool(false)
bool(false)
104: statement must to be recompiled after the connection is broken
int(1)
