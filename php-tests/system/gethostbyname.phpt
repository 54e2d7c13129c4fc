--TEST--
gethostbyname(): addresses, hosts, families, errors
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

use Swoole\Coroutine\System;

Co\run(static function () {
    var_dump(System::gethostbyname('localhost'));
    var_dump(Co::gethostbyname('127.0.0.1'));
    var_dump(System::gethostbyname('::1', AF_INET6));
    var_dump(System::gethostbyname("127.0.0.2\0ignored", AF_INET, 5));
    echo "-- none\n";
    foreach (['127.0.0.1' => AF_INET6, 'no.such.host.invalid' => AF_INET, str_repeat('x', 300) => AF_INET] as $host => $family) {
        swoole_clear_error();
        var_dump(System::gethostbyname($host, $family), swoole_last_error());
    }
    echo "-- wrong\n";
    swoole_clear_error();
    var_dump(System::gethostbyname(''), swoole_last_error());
    var_dump(System::gethostbyname('localhost', 99), swoole_last_error());
    try {
        System::gethostbyname([]);
    } catch (TypeError $error) {
        echo $error->getMessage(), "\n";
    }
});
?>
--EXPECTF--
string(9) "127.0.0.1"
string(9) "127.0.0.1"
string(3) "::1"
string(9) "127.0.0.2"
-- none
bool(false)
int(711)
bool(false)
int(711)
bool(false)
int(711)
-- wrong

Warning: Swoole\Coroutine\System::gethostbyname(): domain name is empty in %s on line 18
bool(false)
int(503)

Warning: Swoole\Coroutine\System::gethostbyname(): unknown protocol family, must be AF_INET or AF_INET6 in %s on line 19
bool(false)
int(503)
Swoole\Coroutine\System::gethostbyname(): Argument #1 ($domain_name) must be of type string, array given
