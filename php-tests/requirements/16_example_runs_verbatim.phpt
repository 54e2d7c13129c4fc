--TEST--
Requirement 16: the example of ODY's page runs as it stands there
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$end = run_php(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $mysql = new Swoole\Coroutine\MySQL();
        $mysql->connect([
            'host' => getenv('STEELWOOL_MYSQL_HOST'),
            'port' => (int) getenv('STEELWOOL_MYSQL_PORT'),
            'user' => 'root',
            'password' => 'password',
            'database' => 'test',
        ]);
        foreach (['DROP TABLE IF EXISTS users', 'CREATE TABLE users (id INT PRIMARY KEY, name VARCHAR(20))', "INSERT INTO users VALUES (1, 'Ann'), (2, 'Bob')"] as $sql) {
            $mysql->query($sql) || exit($mysql->error);
        }
    });
    PHP);
echo $end['out'];
$example = proc_open([...php_command(), __DIR__ . '/../../examples/mysql.php'], [['file', '/dev/null', 'r'], STDOUT, STDOUT], $pipes);
var_dump(proc_close($example));
--EXPECT--
Array
(
    [0] => Array
        (
            [id] => 1
            [name] => Ann
        )

    [1] => Array
        (
            [id] => 2
            [name] => Bob
        )

)
int(0)
