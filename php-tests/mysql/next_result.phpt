--TEST--
A procedure's results come one by one by nextResult()
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $admin = mysql_open();
    $admin->query('DROP PROCEDURE IF EXISTS several_results');
    $admin->query('CREATE PROCEDURE several_results(v INT) BEGIN SELECT v AS a; SELECT 2 AS b UNION SELECT 3; DO 1; END');
    foreach ([false, true] as $fetch_mode) {
        $mysql = mysql_open(['fetch_mode' => $fetch_mode]);
        $statement = $mysql->prepare('CALL several_results(?)');
        foreach ([[$mysql, static fn () => $mysql->query('CALL several_results(1)')], [$statement, static fn () => $statement->execute([1])]] as [$from, $run]) {
            $result = $run();
            do {
                echo json_encode($fetch_mode && $result ? $from->fetchAll() : $result), "\n";
            } while ($result = $from->nextResult());
            var_dump($result, $from->nextResult(), $from->affected_rows);
            // results that nobody read
            $run();
            var_dump($mysql->query('SELECT 1'), $mysql->errno);
            while ($from->nextResult()) {
            }
            var_dump($mysql->query('DO 1'));
        }
    }
    $admin->query('DROP PROCEDURE several_results');
});
--EXPECT--
[{"a":"1"}]
[{"b":"2"},{"b":"3"}]
NULL
NULL
int(0)
bool(false)
int(115)
bool(true)
[{"a":1}]
[{"b":2},{"b":3}]
NULL
NULL
int(0)
bool(false)
int(115)
bool(true)
[{"a":"1"}]
[{"b":"2"},{"b":"3"}]
bool(false)
NULL
int(0)
bool(false)
int(115)
bool(true)
[{"a":1}]
[{"b":2},{"b":3}]
bool(false)
NULL
int(0)
bool(false)
int(115)
bool(true)
