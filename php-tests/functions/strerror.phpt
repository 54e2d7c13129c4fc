--TEST--
swoole_strerror() of every kind; swoole_errno(), swoole_last_error(), swoole_clear_error()
--FILE--
<?php
foreach ([[2], [501], [500], [10017], [9999, SWOOLE_STRERROR_SWOOLE], [2, SWOOLE_STRERROR_SWOOLE], [2, 9], [-4, SWOOLE_STRERROR_GAI], [2, SWOOLE_STRERROR_DNS], [99, SWOOLE_STRERROR_DNS]] as $arguments) {
    echo swoole_strerror(...$arguments), "\n";
}
$level = 99;
swoole_error_log_ex($level, 1234, 'written whatever the level');
var_dump(swoole_last_error());
swoole_clear_error();
var_dump(swoole_last_error());
@file_get_contents('/nowhere/at/all');
var_dump(swoole_errno());
?>
--EXPECTF--
No such file or directory
Malloc fail
Unknown error 500
Coroutine canceled
Unknown error 9999
No such file or directory
No such file or directory
Non-recoverable failure in name resolution
Host name lookup failure
Unknown resolver error
[%s]	INFO	zif_swoole_error_log_ex() (ERRNO 1234): written whatever the level
int(1234)
int(0)
int(2)
