--TEST--
MysqliPool: a connection that the server ended is opened again, with its options; other errors are thrown
--FILE--
<?php

declare(strict_types=1);

use Swoole\Database\MysqliConfig;
use Swoole\Database\MysqliException;
use Swoole\Database\MysqliPool;
use Swoole\Database\MysqliStatementProxy;

require __DIR__ . '/../include/bootstrap.php';

$config = (new MysqliConfig())
    ->withHost(getenv('STEELWOOL_MYSQL_HOST'))
    ->withPort((int) getenv('STEELWOOL_MYSQL_PORT'))
    ->withUsername(getenv('STEELWOOL_MYSQL_USER'))
    ->withPassword(getenv('STEELWOOL_MYSQL_PASSWORD'))
    ->withDbname(getenv('STEELWOOL_MYSQL_DATABASE'))
    ->withOptions([MYSQLI_OPT_CONNECT_TIMEOUT => 2]);

Swoole\Coroutine\run(static function () use ($config): void {
    foreach ([MYSQLI_REPORT_OFF, MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT] as $report) {
        mysqli_report($report);
        $pool = new MysqliPool($config, 2);
        $killer = $pool->get();
        $mysqli = $pool->get();
        $kill = static fn () => $killer->query('kill ' . $mysqli->thread_id);
        $mysqli->set_charset('latin1');

        $kill();
        var_dump($mysqli->query('select @@character_set_client')->fetch_row()[0], $mysqli->getRound());

        $statement = $mysqli->prepare('select ?');
        var_dump($statement instanceof MysqliStatementProxy, $statement->bind_param('s', $value), $statement->bind_result($result));
        $value = 'bound';
        $kill();
        var_dump($statement->execute(), $statement->fetch(), $result, $statement->fetch(), $mysqli->getRound());
        try {
            $mysqli->query('nonsense');
        } catch (MysqliException | mysqli_sql_exception $error) {
            echo get_class($error), ' ', $error->getCode(), "\n";
        }
        try {
            @(new MysqliPool($config->withPort(1)))->get();
        } catch (MysqliException | mysqli_sql_exception $error) {
            echo get_class($error), ' ', $error->getCode(), "\n";
        }
        $config->withPort((int) getenv('STEELWOOL_MYSQL_PORT'));
    }
});
?>
--EXPECT--
string(6) "latin1"
int(1)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
string(5) "bound"
NULL
int(2)
Swoole\Database\MysqliException 1064
Swoole\Database\MysqliException 2002
string(6) "latin1"
int(1)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
string(5) "bound"
NULL
int(2)
mysqli_sql_exception 1064
mysqli_sql_exception 2002
