--TEST--
connect() throws when a required setting is missing, null counting as missing
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $all = mysql_settings();
    foreach (['host', 'user', 'password', 'database'] as $name) {
        foreach ([array_diff_key($all, [$name => 1]), [$name => null] + $all] as $settings) {
            try {
                (@new Swoole\Coroutine\MySQL())->connect($settings);
            } catch (Swoole\Coroutine\MySQL\Exception $e) {
                echo get_class($e), ' ', $e->getCode(), ': ', $e->getMessage(), "\n";
            }
        }
    }
    var_dump(get_parent_class(Swoole\Coroutine\MySQL\Exception::class));
});
--EXPECT--
Swoole\Coroutine\MySQL\Exception 22: Parameter [host] is required
Swoole\Coroutine\MySQL\Exception 22: Parameter [host] is required
Swoole\Coroutine\MySQL\Exception 22: Parameter [user] is required
Swoole\Coroutine\MySQL\Exception 22: Parameter [user] is required
Swoole\Coroutine\MySQL\Exception 22: Parameter [password] is required
Swoole\Coroutine\MySQL\Exception 22: Parameter [password] is required
Swoole\Coroutine\MySQL\Exception 22: Parameter [database] is required
Swoole\Coroutine\MySQL\Exception 22: Parameter [database] is required
string(16) "Swoole\Exception"
