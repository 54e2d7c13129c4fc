--TEST--
setting ssl: the session goes through TLS; the certificate is looked at when ssl_verify_peer says so
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

use Swoole\Coroutine;
use Swoole\Coroutine\MySQL;

Coroutine\run(static function (): void {
    $unix = ['host' => 'unix:' . getenv('STEELWOOL_MYSQL_SOCKET')];
    $trusted = ['ssl_verify_peer' => true, 'ssl_cafile' => getenv('STEELWOOL_MYSQL_CERTIFICATE')];
    $cases = [
        'not verified' => [],
        'over a Unix socket' => $unix,
        'verified' => $trusted + ['ssl_host_name' => 'localhost'],
        'trusted by nobody' => ['ssl_verify_peer' => true, 'ssl_host_name' => 'localhost'],
        'for another host' => $trusted,
        'not asked for' => ['ssl' => false],
    ];
    foreach ($cases as $title => $case) {
        echo "--- $title\n";
        $mysql = new MySQL();
        if (!$mysql->connect(mysql_settings($case + ['ssl' => true]))) {
            echo "$mysql->connect_errno: $mysql->connect_error\n";
            continue;
        }
        echo 'cipher: ', json_encode($mysql->query("SHOW STATUS LIKE 'Ssl_cipher'")[0]['Value'] !== ''), "\n";
        // More than the socket takes at once, in both directions.
        $long = str_repeat('0123456789abcdef', 500_000);
        $row = $mysql->prepare('SELECT LENGTH(?) AS length, ? AS text')->execute([$long, $long])[0];
        var_dump($row['length'], $row['text'] === $long);
        var_dump($mysql->query('SELECT SLEEP(10)', 0.01), $mysql->errno, $mysql->connect(), $mysql->query('SELECT 1 AS one'));
        $mysql->close();
    }
    try {
        (new MySQL())->connect(mysql_settings(['ssl' => true, 'ssl_cert_file' => '/nowhere']));
    } catch (MySQL\Exception $error) {
        echo $error->getCode(), ': ', $error->getMessage(), "\n";
    }
});
?>
--EXPECT--
--- not verified
cipher: true
int(8000000)
bool(true)
bool(false)
int(2006)
bool(true)
array(1) {
  [0]=>
  array(1) {
    ["one"]=>
    string(1) "1"
  }
}
--- over a Unix socket
cipher: true
int(8000000)
bool(true)
bool(false)
int(2006)
bool(true)
array(1) {
  [0]=>
  array(1) {
    ["one"]=>
    string(1) "1"
  }
}
--- verified
cipher: true
int(8000000)
bool(true)
bool(false)
int(2006)
bool(true)
array(1) {
  [0]=>
  array(1) {
    ["one"]=>
    string(1) "1"
  }
}
--- trusted by nobody
2026: SQLSTATE[HY000] [2026] SSL connection error: self-signed certificate
--- for another host
2026: SQLSTATE[HY000] [2026] SSL connection error: hostname mismatch
--- not asked for
cipher: false
int(8000000)
bool(true)
bool(false)
int(2006)
bool(true)
array(1) {
  [0]=>
  array(1) {
    ["one"]=>
    string(1) "1"
  }
}
22: ssl cert file[/nowhere] not found
