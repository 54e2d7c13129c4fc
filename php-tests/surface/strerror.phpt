--TEST--
swoole_strerror() knows Swoole's errors, the system's, and those of name resolution
--FILE--
<?php

declare(strict_types=1);

foreach ([501, 503, 710, 722, 803, 1012, 1018, 2003, 3001, 4002, 7001, 7105, 8507, 9004, 10003, 10017, 10018] as $number) {
    echo $number, ' ', swoole_strerror($number), "\n";
}
foreach ([0, 5, 98, 500, 99999, -1] as $number) {
    echo $number, ' ', swoole_strerror($number), ', ', swoole_strerror($number, SWOOLE_STRERROR_SWOOLE), "\n";
}
echo swoole_strerror(-2, SWOOLE_STRERROR_GAI), ', ', swoole_strerror(1, SWOOLE_STRERROR_DNS), "\n";
?>
--EXPECT--
501 Malloc fail
503 PHP fatal error
710 DNS Lookup duplicate request
722 Bad host addr
803 Event unknown data
1012 SSL cannot use senfile
1018 SSL handshake failed
2003 Task timeout
3001 Http2 stream id too big
4002 Aio canceled
7001 Socks5 unsupport version
7105 Http conflict header
8507 Websocket incomplete packet
9004 Server invalid listen port
10003 Coroutine has been discarded
10017 Coroutine canceled
10018 Coroutine timedout
0 Success, Success
5 Input/output error, Input/output error
98 Address already in use, Address already in use
500 Unknown error 500, Unknown error 500
99999 Unknown error 99999, Unknown error 99999
-1 Unknown error -1, Unknown error -1
Name or service not known, Unknown host
