--TEST--
query() outside of coroutines on an open connection is an uncaught Swoole\Error
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

show_php(<<<'PHP'
    $mysql = @new Swoole\Coroutine\MySQL();
    Swoole\Coroutine\run(function () use ($mysql) {
        var_dump($mysql->connect([
            'host' => getenv('STEELWOOL_MYSQL_HOST'),
            'port' => (int) getenv('STEELWOOL_MYSQL_PORT'),
            'user' => getenv('STEELWOOL_MYSQL_USER'),
            'password' => getenv('STEELWOOL_MYSQL_PASSWORD'),
            'database' => getenv('STEELWOOL_MYSQL_DATABASE'),
        ]));
    });
    $mysql->query('SELECT SLEEP(1)');
    echo "never\n";
    PHP, ['log_errors' => '0', 'display_errors' => '1', 'html_errors' => '0']);
--EXPECTF--
bool(true)

Fatal error: Uncaught Swoole\Error: API must be called in the coroutine in %s:%d
Stack trace:
#0 %s(%d): Swoole\Coroutine\MySQL->query('SELECT SLEEP(1)')
#1 {main}
  thrown in %s on line %d
exit code 255
