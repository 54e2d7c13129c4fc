--TEST--
Server: a log_file and a log_date_format that cannot be used are told once
--FILE--
<?php
$server = new Swoole\Server('127.0.0.1', 0, SWOOLE_BASE);
$server->set(['log_file' => __FILE__ . '/no/log', 'log_date_format' => str_repeat('%c', 100)]);
(new Swoole\Process\Pool(1))->set(['log_date_format' => '']);
?>
--EXPECTF--
[%s]	WARNING	Logger::open() (ERRNO 502): open('%sports_log.php/no/log') failed. Error: Not a directory[20]
[%s]	WARNING	Logger::set_date_format() (ERRNO 505): The date format string[length=200] is too long
[%s]	WARNING	Logger::set_date_format() (ERRNO 505): The date format string[length=0] is too long
