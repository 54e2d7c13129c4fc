--TEST--
A host of the form unix:/path is a Unix socket, however many slashes there are
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    foreach (['unix:', 'unix://', 'unix:////'] as $prefix) {
        $mysql = mysql_open(['host' => $prefix . getenv('STEELWOOL_MYSQL_SOCKET'), 'port' => 1]);
        var_dump($mysql->query('SELECT 1 AS one')[0]['one']);
    }
});
--EXPECT--
string(1) "1"
string(1) "1"
string(1) "1"
