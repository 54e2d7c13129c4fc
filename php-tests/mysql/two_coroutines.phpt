--TEST--
A second coroutine on a connection that waits gets an uncaught Swoole\Error
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

show_php(<<<'PHP'
    $mysql = @new Swoole\Coroutine\MySQL();
    Swoole\Coroutine\run(function () use ($mysql) {
        $mysql->connect([
            'host' => getenv('STEELWOOL_MYSQL_HOST'),
            'port' => (int) getenv('STEELWOOL_MYSQL_PORT'),
            'user' => getenv('STEELWOOL_MYSQL_USER'),
            'password' => getenv('STEELWOOL_MYSQL_PASSWORD'),
            'database' => getenv('STEELWOOL_MYSQL_DATABASE'),
        ]);
        go(function () use ($mysql) {
            $mysql->query('SELECT SLEEP(1)');
            echo "never\n";
        });
        $mysql->query('SELECT 1');
        echo "never\n";
    });
    PHP, ['log_errors' => '0', 'display_errors' => '1', 'html_errors' => '0']);
--EXPECTF--

Fatal error: Uncaught Swoole\Error: Socket#%d has already been bound to another coroutine#2, reading of the same socket in coroutine#1 at the same time is not allowed in %s:%d
Stack trace:
#0 %s(%d): Swoole\Coroutine\MySQL->query('SELECT 1')
#1 [internal function]: {closure%S}()
#2 {main}
  thrown in %s on line %d
exit code 255
