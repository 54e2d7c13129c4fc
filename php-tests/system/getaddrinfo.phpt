--TEST--
getaddrinfo(): addresses, services, errors
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

use Swoole\Coroutine\System;

Co\run(static function () {
    echo implode(' ', System::getaddrinfo('localhost')), "\n";
    echo implode(' ', Co::getaddrinfo('127.0.0.1', AF_INET, SOCK_STREAM, STREAM_IPPROTO_TCP, '80', 5)), "\n";
    echo implode(' ', System::getaddrinfo('127.0.0.1', AF_INET, SOCK_DGRAM, 0, null)), "\n";
    echo implode(' ', System::getaddrinfo('127.0.0.1', AF_INET, 0, 0, '')), "\n";
    echo implode(' ', System::getaddrinfo('::1', AF_INET6)), "\n";
    foreach ([['127.0.0.1', AF_INET, SOCK_STREAM, STREAM_IPPROTO_TCP, 'no such service'], ['127.0.0.1', AF_INET, SOCK_STREAM, 99], ['no.such.host.invalid']] as $arguments) {
        var_dump(System::getaddrinfo(...$arguments), swoole_last_error() === swoole_errno() ? swoole_strerror(swoole_errno(), SWOOLE_STRERROR_GAI) : 'differ');
    }
    echo "-- wrong\n";
    var_dump(System::getaddrinfo(''), swoole_last_error());
    var_dump(System::getaddrinfo('localhost', 5), swoole_last_error());
});
?>
--EXPECTF--
127.0.0.1
127.0.0.1
127.0.0.1
127.0.0.1 127.0.0.1 127.0.0.1
::1
bool(false)
string(%d) "Servname not supported for ai_socktype"
bool(false)
string(%d) "ai_socktype not supported"
bool(false)
string(%d) "%s"
-- wrong

Warning: Swoole\Coroutine\System::getaddrinfo(): hostname is empty in %s on line 16
bool(false)
int(503)

Warning: Swoole\Coroutine\System::getaddrinfo(): unknown protocol family, must be AF_INET or AF_INET6 in %s on line 17
bool(false)
int(503)
