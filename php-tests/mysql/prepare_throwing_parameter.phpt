--TEST--
An exception while a parameter becomes a string leaves the connection usable
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    $statement = $mysql->prepare('SELECT ? AS v');
    $bad = new class ($mysql) {
        public function __construct(private object $mysql)
        {
        }

        public function __toString(): string
        {
            // the connection is free here
            echo $this->mysql->query('SELECT 5 AS five')[0]['five'], "\n";
            throw new LogicException('not a string');
        }
    };
    try {
        $statement->execute([$bad]);
    } catch (LogicException $e) {
        echo get_class($e), ': ', $e->getMessage(), "\n";
    }
    var_dump($statement->execute(['fine'])[0]['v']);
});
--EXPECT--
5
LogicException: not a string
string(4) "fine"
