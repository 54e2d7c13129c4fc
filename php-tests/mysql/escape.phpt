--TEST--
escape() makes text safe inside quotes, in the connection's character set
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/mysql.php';

Swoole\Coroutine\run(static function (): void {
    $mysql = mysql_open(['charset' => 'utf8mb4']);
    $text = "a'b\"c\\d\n\r\0\x1a ü 😀";
    echo addcslashes($mysql->escape($text), "\0..\37"), "\n";
    var_dump($mysql->query("SELECT '" . $mysql->escape($text) . "' AS t")[0]['t'] === $text);
    var_dump($mysql->escape(''), bin2hex($mysql->escape("\xe9'")));
    var_dump(bin2hex(mysql_open(['charset' => 'gbk'])->escape("\xd5\x5c'")), bin2hex(mysql_open(['charset' => 'latin1'])->escape("\xe9'")));
});
--EXPECT--
a\'b\"c\\d\n\r\0\Z ü 😀
bool(true)
string(0) ""
string(8) "5ce95c27"
string(8) "d55c5c27"
string(6) "e95c27"
