--TEST--
Requirement 15: when MySQL answers, the coroutine that waited goes on, in the order of the answers
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    foreach ([0.3, 0.1, 0.2] as $seconds) {
        $mysql = mysql_open();
        go(static function () use ($mysql, $seconds): void {
            $cid = Coroutine::getCid();
            $answer = $mysql->query("SELECT SLEEP($seconds), $seconds AS s")[0]['s'];
            echo $answer, ' ', Coroutine::getCid() === $cid ? 'in its own coroutine' : 'elsewhere', "\n";
        });
    }
    echo "all wait\n";
});
--EXPECT--
all wait
0.1 in its own coroutine
0.2 in its own coroutine
0.3 in its own coroutine
