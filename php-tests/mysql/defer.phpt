--TEST--
setDefer(): query(), prepare() and execute() send, recv() receives
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    var_dump($mysql->getDefer(), $mysql->setDefer(), $mysql->getDefer());
    var_dump($mysql->recv());
    show_error($mysql);
    $start = microtime(true);
    var_dump($mysql->query('SELECT SLEEP(0.6), 1 AS one'), microtime(true) - $start < 0.5, $mysql->recv()[0]['one']);
    var_dump($mysql->prepare('SELECT ? AS v'));
    $statement = $mysql->recv();
    var_dump(get_class($statement), $statement->execute(['a']), $mysql->recv());
    show_error($mysql);
    var_dump($statement->recv()[0]['v'], $statement->recv());
    show_error($statement);
    var_dump($mysql->query('SELECT 2'), $statement->recv());
    show_error($statement);
    var_dump($mysql->query('SELECT 3'));
    show_error($mysql);
    var_dump(count($mysql->recv()), $mysql->query('SELEC'), $mysql->recv());
    foreach (['begin', 'commit', 'rollback'] as $method) {
        try {
            $mysql->$method();
        } catch (Swoole\Coroutine\MySQL\Exception $e) {
            echo $e->getCode(), ': ', $e->getMessage(), "\n";
        }
    }
    var_dump($mysql->setDefer(false), $mysql->getDefer(), count($mysql->query('SELECT 4')));
});
--EXPECT--
bool(false)
bool(true)
bool(true)
bool(false)
42: no message to receive
bool(true)
bool(true)
string(1) "1"
bool(true)
string(32) "Swoole\Coroutine\MySQL\Statement"
bool(true)
bool(false)
1: please use statement to receive data
string(1) "a"
bool(false)
42: no message to receive
bool(true)
bool(false)
1: please use client to receive data
bool(false)
115: SQLSTATE[HY000] [115] MySQL client is busy now on state#18, please use recv/fetchAll/nextResult to get all unread data and wait for response then try again
int(1)
bool(true)
bool(false)
1: you should not query transaction when defer mode is on, if you want, please use `query('BEGIN')` instead
1: you should not query transaction when defer mode is on, if you want, please use `query('COMMIT')` instead
1: you should not query transaction when defer mode is on, if you want, please use `query('ROLLBACK')` instead
bool(true)
bool(false)
int(1)
