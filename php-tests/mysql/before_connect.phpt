--TEST--
Calls before connect() and after close() are false with errno 2002
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = @new Swoole\Coroutine\MySQL();
    foreach (['fetch', 'fetchAll', 'nextResult'] as $method) {
        var_dump($mysql->$method());
    }
    show_error($mysql);
    var_dump($mysql->query('SELECT 1'), $mysql->prepare('SELECT 1'), $mysql->recv(), $mysql->begin(), $mysql->commit(), $mysql->rollback());
    show_error($mysql);
    var_dump($mysql->close(), $mysql->close());
    $mysql->connect(mysql_settings());
    var_dump($mysql->close(), $mysql->connected, $mysql->query('SELECT 1'));
    show_error($mysql);
});
--EXPECT--
bool(false)
bool(false)
bool(false)
0: 
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
2002: SQLSTATE[HY000] [2002] Connection reset by peer or Transport endpoint is not connected
bool(true)
bool(true)
bool(true)
bool(false)
bool(false)
2002: SQLSTATE[HY000] [2002] Connection reset by peer or Transport endpoint is not connected
