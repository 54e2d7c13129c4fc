--TEST--
Tens of thousands of rows arrive complete and in order
--INI--
memory_limit=512M
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    foreach ([$mysql->query('SELECT seq, REPEAT(seq, 3) AS r FROM seq_1_to_50000'), $mysql->prepare('SELECT seq, REPEAT(seq, 3) AS r FROM seq_1_to_50000')->execute()] as $rows) {
        $ok = count($rows) === 50000;
        foreach ($rows as $i => $row) {
            $ok = $ok && $row['seq'] == $i + 1 && $row['r'] === str_repeat((string) ($i + 1), 3);
        }
        var_dump($ok);
    }
});
--EXPECT--
bool(true)
bool(true)
