--TEST--
Requirement 16: the Coroutine\run and Coroutine\MySQL example runs verbatim
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open(['charset' => 'utf8mb4']);
    $mysql->query('DROP TABLE IF EXISTS users');
    $mysql->query('CREATE TABLE users (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(50) NOT NULL, email VARCHAR(50))');
    $mysql->query("INSERT INTO users (name, email) VALUES ('Ada', 'ada@example.org'), ('Grace', NULL)");
});
show_php((string) file_get_contents(__DIR__ . '/../../examples/mysql.php'));
Swoole\Coroutine\run(static fn () => mysql_open()->query('DROP TABLE users'));
--EXPECT--
Array
(
    [0] => Array
        (
            [id] => 1
            [name] => Ada
            [email] => ada@example.org
        )

    [1] => Array
        (
            [id] => 2
            [name] => Grace
            [email] => 
        )

)
exit code 0
