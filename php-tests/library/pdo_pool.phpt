--TEST--
PDOPool on SQLite: connections by configuration, transactions, statements, no clones
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Database\PDOConfig;
use Swoole\Database\PDOPool;
use Swoole\Database\PDOProxy;
use Swoole\Database\PDOStatementProxy;

$config = new PDOConfig();
var_dump($config->getDriver(), $config->getHost(), $config->getPort(), $config->hasUnixSocket(), $config->getUnixSocket(), $config->getDbname());
var_dump($config->getCharset(), $config->getUsername(), $config->getPassword(), $config->getOptions(), PDOConfig::getAvailableDrivers());
var_dump($config->withUnixSocket('/s') === $config, $config->getUnixSocket(), $config->hasUnixSocket());
$file = tempnam(sys_get_temp_dir(), 'pool');

Coroutine\run(static function () use ($file): void {
    $pool = new PDOPool((new PDOConfig())->withDriver('sqlite')->withDbname($file), 2);
    $pdo = $pool->get();
    var_dump($pdo instanceof PDOProxy, $pdo->__getObject() instanceof PDO, $pdo->getRound(), $pdo->inTransaction());
    $pdo->exec('create table t (id int, name text)');
    var_dump($pdo->beginTransaction(), $pdo->inTransaction());
    $insert = $pdo->prepare('insert into t values (?, ?)');
    var_dump($insert instanceof PDOStatementProxy, $insert->execute([1, 'one']), $insert->rowCount(), $insert->queryString);
    $insert->bindValue(1, 2, PDO::PARAM_INT);
    $insert->bindParam(2, $name);
    $name = 'two';
    $insert->execute();
    $pdo->commit();
    var_dump($pdo->inTransaction());
    $rows = $pdo->query('select * from t order by id');
    $rows->setFetchMode(PDO::FETCH_NUM);
    echo json_encode($rows->fetchAll()), "\n";
    $rows = $pdo->query('select name from t where id = 2');
    $rows->bindColumn(1, $bound, PDO::PARAM_STR, 0);
    var_dump($rows->fetch(PDO::FETCH_BOUND), $bound, $rows->fetch());
    $pdo->beginTransaction();
    $pdo->rollBack();
    $pdo->beginTransaction();
    $pool->put($pdo);
    $again = $pool->get();
    var_dump($again === $pdo, $again->inTransaction(), $again->setAttribute(PDO::ATTR_DEFAULT_FETCH_MODE, PDO::FETCH_ASSOC));
    $again->reconnect();
    var_dump($again->getRound(), $again->query('select count(*) as n from t')->fetch());
    foreach ([fn () => clone $again, fn () => $again->query('nonsense')] as $bad) {
        try {
            $bad();
        } catch (Throwable $error) {
            echo get_class($error), ': ', $error->getMessage(), "\n";
        }
    }
    $pool->close();
});
unlink($file);

Coroutine\run(static function (): void {
    foreach ([['sqlite', ''], ['sqlite', ':memory:'], ['nodriver', 'x']] as [$driver, $name]) {
        try {
            (new PDOPool((new PDOConfig())->withDriver($driver)->withDbname($name)))->get();
        } catch (Exception $error) {
            echo get_class($error), ': ', $error->getMessage(), "\n";
        }
    }
    try {
        (new PDOPool((new PDOConfig())->withHost('127.0.0.1')->withPort(1)))->get();
    } catch (PDOException $error) {
        echo $error->getMessage(), "\n";
    }
});
?>
--EXPECT--
string(5) "mysql"
string(9) "127.0.0.1"
int(3306)
bool(false)
NULL
string(4) "test"
string(7) "utf8mb4"
string(4) "root"
string(4) "root"
array(0) {
}
array(1) {
  [0]=>
  string(5) "mysql"
}
bool(true)
string(2) "/s"
bool(true)
bool(true)
bool(true)
int(0)
bool(false)
bool(true)
bool(true)
bool(true)
bool(true)
int(1)
string(27) "insert into t values (?, ?)"
bool(false)
[[1,"one"],[2,"two"]]
bool(true)
string(3) "two"
bool(false)
bool(true)
bool(false)
bool(true)
int(1)
array(1) {
  ["n"]=>
  int(2)
}
Error: Trying to clone an uncloneable database proxy object
PDOException: SQLSTATE[HY000]: General error: 1 near "nonsense": syntax error
Exception: Connection pool in Swoole does not support temporary SQLite databases.
Exception: Connection pool in Swoole does not support creating SQLite databases in memory.
Exception: Unsupported Database Driver:nodriver
SQLSTATE[HY000] [2002] Connection refused
