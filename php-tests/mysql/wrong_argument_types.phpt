--TEST--
Arguments of wrong types throw PHP's TypeErrors
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open();
    $statement = $mysql->prepare('SELECT 1');
    foreach (
        [
            static fn () => $mysql->connect('x'),
            static fn () => $mysql->query(),
            static fn () => $mysql->query([]),
            static fn () => $mysql->query('SELECT 1', 'soon'),
            static fn () => $mysql->prepare(new stdClass()),
            static fn () => $mysql->setDefer([]),
            static fn () => $statement->execute('x'),
            static fn () => $statement->execute([], []),
        ] as $try
    ) {
        try {
            $try();
        } catch (Error $e) {
            echo get_class($e), ': ', $e->getMessage(), "\n";
        }
    }
    var_dump(count($mysql->query('SELECT 1')));
});
--EXPECT--
TypeError: Swoole\Coroutine\MySQL::connect(): Argument #1 ($server_config) must be of type ?array, string given
ArgumentCountError: Swoole\Coroutine\MySQL::query() expects at least 1 argument, 0 given
TypeError: Swoole\Coroutine\MySQL::query(): Argument #1 ($sql) must be of type string, array given
TypeError: Swoole\Coroutine\MySQL::query(): Argument #2 ($timeout) must be of type float, string given
TypeError: Swoole\Coroutine\MySQL::prepare(): Argument #1 ($query) must be of type string, stdClass given
TypeError: Swoole\Coroutine\MySQL::setDefer(): Argument #1 ($defer) must be of type bool, array given
TypeError: Swoole\Coroutine\MySQL\Statement::execute(): Argument #1 ($params) must be of type ?array, string given
TypeError: Swoole\Coroutine\MySQL\Statement::execute(): Argument #2 ($timeout) must be of type float, array given
int(1)
