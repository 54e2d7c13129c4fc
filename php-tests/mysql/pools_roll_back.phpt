--TEST--
PDOPool and MysqliPool: a connection comes back without the transaction that its user left open
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

use Swoole\Database\MysqliConfig;
use Swoole\Database\MysqliPool;
use Swoole\Database\PDOConfig;
use Swoole\Database\PDOPool;

Swoole\Coroutine\run(static function (): void {
    foreach ([[PDOConfig::class, PDOPool::class], [MysqliConfig::class, MysqliPool::class]] as [$config, $class]) {
        $config = (new $config())
            ->withHost(getenv('STEELWOOL_MYSQL_HOST'))
            ->withPort((int) getenv('STEELWOOL_MYSQL_PORT'))
            ->withUsername(getenv('STEELWOOL_MYSQL_USER'))
            ->withPassword(getenv('STEELWOOL_MYSQL_PASSWORD'))
            ->withDbname(getenv('STEELWOOL_MYSQL_DATABASE'));
        $pool = new $class($config, 1);
        echo json_encode($pool->stats()), "\n";
        $connection = $pool->get();
        $connection->query('CREATE TEMPORARY TABLE kept (id INT) ENGINE=InnoDB');
        $begin = $connection instanceof Swoole\Database\PDOProxy ? 'beginTransaction' : 'begin_transaction';
        $connection->$begin();
        $connection->query('INSERT INTO kept VALUES (1)');
        echo json_encode($pool->stats()), "\n";
        $pool->put($connection);
        $again = $pool->get();
        $rows = $again->query('SELECT COUNT(*) FROM kept');
        var_dump($again === $connection, (int) (method_exists($rows, 'fetch_row') ? $rows->fetch_row()[0] : $rows->fetch()[0]));
        $again->$begin();
        $again->query('INSERT INTO kept VALUES (2)');
        $again->commit();
        $pool->put($again);
        $rows = $pool->get()->query('SELECT COUNT(*) FROM kept');
        var_dump((int) (method_exists($rows, 'fetch_row') ? $rows->fetch_row()[0] : $rows->fetch()[0]));
        $pool->close();
        echo json_encode($pool->stats()), "\n";
    }
});
?>
--EXPECT--
{"size":1,"connections":0,"idle":0,"borrowed":0,"waiting":0}
{"size":1,"connections":1,"idle":0,"borrowed":1,"waiting":0}
bool(true)
int(0)
int(1)
{"size":1,"connections":0,"idle":0,"borrowed":0,"waiting":0}
{"size":1,"connections":0,"idle":0,"borrowed":0,"waiting":0}
{"size":1,"connections":1,"idle":0,"borrowed":1,"waiting":0}
bool(true)
int(0)
int(1)
{"size":1,"connections":0,"idle":0,"borrowed":0,"waiting":0}
