--TEST--
PDOPool: a connection that the server ended is opened again, but not inside of a transaction
--FILE--
<?php

declare(strict_types=1);

use Swoole\Database\PDOConfig;
use Swoole\Database\PDOPool;

require __DIR__ . '/../include/bootstrap.php';

$config = (new PDOConfig())
    ->withHost(getenv('STEELWOOL_MYSQL_HOST'))
    ->withPort((int) getenv('STEELWOOL_MYSQL_PORT'))
    ->withUsername(getenv('STEELWOOL_MYSQL_USER'))
    ->withPassword(getenv('STEELWOOL_MYSQL_PASSWORD'))
    ->withDbname(getenv('STEELWOOL_MYSQL_DATABASE'));

Swoole\Coroutine\run(static function () use ($config): void {
    $pool = new PDOPool($config, 2);
    $killer = $pool->get();
    $pdo = $pool->get();
    $kill = static fn () => $killer->exec('kill ' . $pdo->__getObject()->query('select connection_id()')->fetchColumn());
    $pdo->setAttribute(PDO::ATTR_DEFAULT_FETCH_MODE, PDO::FETCH_NUM);

    $kill();
    var_dump($pdo->query('select 1')->fetch(), $pdo->getRound());

    $statement = $pdo->prepare('select ?, ?');
    $statement->bindValue(1, 5, PDO::PARAM_INT);
    $statement->bindParam(2, $second);
    $second = 'x';
    $statement->setFetchMode(PDO::FETCH_ASSOC);
    $kill();
    var_dump($statement->execute(), array_values($statement->fetch()), $pdo->getRound());

    $pdo->beginTransaction();
    $kill();
    try {
        $pdo->query('select 1');
    } catch (PDOException $error) {
        echo $error->getMessage(), "\n";
    }
    var_dump($pdo->getRound());
});
?>
--EXPECT--
array(1) {
  [0]=>
  int(1)
}
int(1)
bool(true)
array(2) {
  [0]=>
  int(5)
  [1]=>
  string(1) "x"
}
int(2)
SQLSTATE[HY000]: General error: 2006 MySQL server has gone away
int(2)
