--TEST--
fetch_mode: query() and execute() are true, rows come by fetch() and fetchAll()
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open(['fetch_mode' => true]);
    $statement = $mysql->prepare('SELECT seq FROM seq_1_to_3');
    foreach ([[$mysql, static fn () => $mysql->query('SELECT seq FROM seq_1_to_3')], [$statement, static fn () => $statement->execute()]] as [$from, $run]) {
        var_dump($from->fetch(), $from->fetchAll());
        var_dump($run(), $from->fetch(), $from->fetchAll(), $from->fetch(), $from->fetchAll());
        var_dump($run());
        // unread rows
        var_dump($mysql->query('SELECT 1'));
        show_error($mysql);
        while ($row = $from->fetch()) {
            echo json_encode($row), "\n";
        }
        var_dump($from->nextResult());
    }
    var_dump($mysql->query('DO 1'), $mysql->affected_rows);
    try {
        $mysql->connect(mysql_settings(['fetch_mode' => true]));
    } catch (Swoole\Coroutine\MySQL\Exception $e) {
        echo $e->getCode(), ': ', $e->getMessage(), "\n";
    }
});
--EXPECT--
NULL
array(0) {
}
bool(true)
array(1) {
  ["seq"]=>
  string(1) "1"
}
array(2) {
  [0]=>
  array(1) {
    ["seq"]=>
    string(1) "2"
  }
  [1]=>
  array(1) {
    ["seq"]=>
    string(1) "3"
  }
}
NULL
array(0) {
}
bool(true)
bool(false)
115: SQLSTATE[HY000] [115] MySQL client is busy now on state#19, please use recv/fetchAll/nextResult to get all unread data and wait for response then try again
{"seq":"1"}
{"seq":"2"}
{"seq":"3"}
NULL
NULL
array(0) {
}
bool(true)
array(1) {
  ["seq"]=>
  int(1)
}
array(2) {
  [0]=>
  array(1) {
    ["seq"]=>
    int(2)
  }
  [1]=>
  array(1) {
    ["seq"]=>
    int(3)
  }
}
NULL
array(0) {
}
bool(true)
bool(false)
115: SQLSTATE[HY000] [115] MySQL client is busy now on state#39, please use recv/fetchAll/nextResult to get all unread data and wait for response then try again
{"seq":1}
{"seq":2}
{"seq":3}
NULL
bool(true)
int(0)
95: SQLSTATE[HY000] [95] Can not use fetch mode after the connection is established
