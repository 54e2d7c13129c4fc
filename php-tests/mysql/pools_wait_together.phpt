--TEST--
connections of PDOPool and MysqliPool wait together while runtime hooks are on
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Database\{MysqliConfig, MysqliPool, PDOConfig, PDOPool};

require __DIR__ . '/../include/bootstrap.php';

Swoole\Runtime::enableCoroutine(SWOOLE_HOOK_ALL);
Coroutine\run(static function (): void {
    foreach ([PDOPool::class => new PDOConfig(), MysqliPool::class => new MysqliConfig()] as $class => $config) {
        $config->withHost(getenv('STEELWOOL_MYSQL_HOST'))
            ->withPort((int) getenv('STEELWOOL_MYSQL_PORT'))
            ->withUsername(getenv('STEELWOOL_MYSQL_USER'))
            ->withPassword(getenv('STEELWOOL_MYSQL_PASSWORD'))
            ->withDbname(getenv('STEELWOOL_MYSQL_DATABASE'));
        $pool = new $class($config, 10);
        $start = microtime(true);
        $ids = Coroutine\map(range(1, 20), static function () use ($pool): string {
            $connection = $pool->get();
            $result = $connection->query('select connection_id(), sleep(0.1)');
            $id = $result instanceof mysqli_result ? $result->fetch_row()[0] : $result->fetchColumn();
            unset($result);
            $pool->put($connection);
            return (string) $id;
        });
        var_dump(count($ids), count(array_unique($ids)), microtime(true) - $start < 1);
        $pool->close();
    }
});
?>
--EXPECT--
int(20)
int(10)
bool(true)
int(20)
int(10)
bool(true)
