--TEST--
A session that the server ended: false with errno 2006; connect() opens a new one
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $killer = mysql_open();
    foreach (['query', 'prepare', 'begin', 'execute', 'while waiting'] as $what) {
        $mysql = mysql_open();
        $id = mysql_id($mysql);
        $statement = $mysql->prepare('SELECT 1');
        if ($what === 'while waiting') {
            go(static function () use ($killer, $id): void {
                Swoole\Coroutine::sleep(0.05);
                $killer->query("KILL $id");
            });
        } else {
            $killer->query("KILL $id");
            Swoole\Coroutine::sleep(0.05);
        }
        echo $what, ': ';
        var_dump(match ($what) {
            'query' => $mysql->query('SELECT 1'),
            'prepare' => $mysql->prepare('SELECT 1'),
            'begin' => $mysql->begin(),
            'execute' => $statement->execute(),
            'while waiting' => $mysql->query('SELECT SLEEP(3)'),
        });
        show_error($mysql);
        var_dump($mysql->connect(mysql_settings()), mysql_id($mysql) > $id);
    }
});
--EXPECT--
query: bool(false)
2006: SQLSTATE[HY000] [2006] MySQL server has gone away
bool(true)
bool(true)
prepare: bool(false)
2006: SQLSTATE[HY000] [2006] MySQL server has gone away
bool(true)
bool(true)
begin: bool(false)
2006: SQLSTATE[HY000] [2006] MySQL server has gone away
bool(true)
bool(true)
execute: bool(false)
2006: SQLSTATE[HY000] [2006] MySQL server has gone away
bool(true)
bool(true)
while waiting: bool(false)
2006: SQLSTATE[HY000] [2006] MySQL server has gone away
bool(true)
bool(true)
