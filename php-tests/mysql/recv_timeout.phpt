--TEST--
recv(), fetch() and fetchAll() past their time-out: false with errno 2006, and the connection is closed
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    foreach (['recv', 'fetch', 'fetchAll', 'nextResult'] as $method) {
        $mysql = mysql_open(['fetch_mode' => $method !== 'recv']);
        if ($method === 'recv') {
            $mysql->setDefer();
            $mysql->query('SELECT SLEEP(3)');
        } else {
            // the first row, with enough behind it to be sent at once, comes long before the second
            $mysql->query("SELECT seq, REPEAT('x', 100000), IF(seq > 1, SLEEP(3), 0) FROM seq_1_to_2");
            $mysql->fetch();
        }
        echo $method, ': ';
        var_dump($mysql->$method(0.05));
        show_error($mysql);
        var_dump($mysql->query('SELECT 1'));
    }
});
--EXPECT--
recv: bool(false)
2006: SQLSTATE[HY000] [2006] MySQL server has gone away due to Connection timed out
bool(false)
fetch: bool(false)
2006: SQLSTATE[HY000] [2006] MySQL server has gone away due to Connection timed out
bool(false)
fetchAll: bool(false)
2006: SQLSTATE[HY000] [2006] MySQL server has gone away due to Connection timed out
bool(false)
nextResult: bool(false)
2006: SQLSTATE[HY000] [2006] MySQL server has gone away due to Connection timed out
bool(false)
