--TEST--
The charset setting by name, utf8 when left out; an unknown name throws
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    foreach ([[], ['charset' => 'utf8mb4'], ['charset' => 'LATIN1'], ['charset' => 'binary']] as $charset) {
        $row = mysql_open($charset)->query('SELECT @@character_set_client AS c, @@character_set_results AS r')[0];
        echo $row['c'], ' ', $row['r'] ?? 'null', "\n";
    }
    echo bin2hex(mysql_open(['charset' => 'utf8mb4'])->query("SELECT 'ü😀' AS t")[0]['t']), "\n";
    echo bin2hex(mysql_open(['charset' => 'latin1'])->query("SELECT _utf8mb4'ü' AS t")[0]['t']), "\n";
    try {
        mysql_open(['charset' => 'klingon']);
    } catch (Swoole\Coroutine\MySQL\Exception $e) {
        echo $e->getCode(), ': ', $e->getMessage(), "\n";
    }
});
--EXPECT--
utf8mb3 utf8mb3
utf8mb4 utf8mb4
latin1 latin1
binary binary
c3bcf09f9880
fc
22: Unknown charset [klingon]
