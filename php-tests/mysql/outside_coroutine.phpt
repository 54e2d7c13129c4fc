--TEST--
connect() outside of coroutines is an uncaught Swoole\Error and ends the process with 255
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

show_php(<<<'PHP'
    $mysql = @new Swoole\Coroutine\MySQL();
    // needs no server
    var_dump($mysql->query('SELECT 1'), $mysql->errno);
    $mysql->connect(['host' => '127.0.0.1', 'user' => 'x', 'password' => 'x', 'database' => 'x']);
    echo "never\n";
    PHP, ['log_errors' => '0', 'display_errors' => '1', 'html_errors' => '0']);
--EXPECTF--
bool(false)
int(2002)

Fatal error: Uncaught Swoole\Error: API must be called in the coroutine in %s:%d
Stack trace:
#0 %s(%d): Swoole\Coroutine\MySQL->connect(Object(SensitiveParameterValue))
#1 {main}
  thrown in %s on line %d
exit code 255
