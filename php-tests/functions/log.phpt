--TEST--
the log: levels, file, date format, rotation, ignored errors
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$file = sys_get_temp_dir() . '/steelwool-log-' . getmypid();
$show = static function () use ($file) {
    foreach (glob("$file*") as $name) {
        echo preg_replace('/\d/', '9', substr($name, strlen($file))), ":\n", str_replace([' %' . getmypid() . '.0]'], ' PID.0]', file_get_contents($name));
        unlink($name);
    }
};

swoole_async_set(['log_file' => $file]);
for ($level = -1; $level < 8; $level++) {
    swoole_error_log($level, "default, level $level");
}
swoole_async_set(['log_level' => -5, 'log_date_format' => 'today']);
swoole_error_log(SWOOLE_LOG_DEBUG, 'lowest');
swoole_async_set(['log_level' => 99]);
swoole_error_log(SWOOLE_LOG_ERROR, 'nothing');
swoole_async_set(['log_level' => SWOOLE_LOG_WARNING]);
swoole_error_log(SWOOLE_LOG_NOTICE, 'too low');
swoole_error_log(SWOOLE_LOG_WARNING, "cut at\0NUL");
swoole_error_log_ex(SWOOLE_LOG_WARNING, 1234, 'with number %s');
var_dump(swoole_last_error());
swoole_ignore_error(4321);
swoole_error_log_ex(SWOOLE_LOG_WARNING, 4321, 'ignored');
var_dump(swoole_last_error());
swoole_async_set(['log_date_format' => str_repeat('%Y', 50)]);
var_dump(swoole_last_error());
$show();

swoole_async_set(['log_file' => $file, 'log_rotation' => SWOOLE_LOG_ROTATION_MONTHLY]);
swoole_error_log(SWOOLE_LOG_ERROR, 'this month');
$show();
swoole_async_set(['log_file' => "$file/none", 'log_rotation' => SWOOLE_LOG_ROTATION_SINGLE]);
var_dump(swoole_last_error());
swoole_async_set(['log_date_format' => '%F %T', 'log_date_with_microseconds' => true]);
swoole_error_log(SWOOLE_LOG_ERROR, 'on standard output again');
?>
--EXPECTF--
int(1234)
int(4321)
int(505)
:
[%d-%d-%d %d:%d:%d PID.0]	INFO	default, level 2
[%d-%d-%d %d:%d:%d PID.0]	NOTICE	default, level 3
[%d-%d-%d %d:%d:%d PID.0]	WARNING	default, level 4
[%d-%d-%d %d:%d:%d PID.0]	ERROR	default, level 5
[%d-%d-%d %d:%d:%d PID.0]	INFO	default, level 6
[%d-%d-%d %d:%d:%d PID.0]	INFO	default, level 7
[today PID.0]	DEBUG	lowest
[today PID.0]	WARNING	cut at
[today PID.0]	WARNING	zif_swoole_error_log_ex() (ERRNO 1234): with number %s
[today PID.0]	WARNING	Logger::set_date_format() (ERRNO 505): The date format string[length=100] is too long
:
.999999:
[today PID.0]	ERROR	this month
[today %s.0]	WARNING	Logger::open() (ERRNO 502): open('%s/none.%d') failed. Error: No such file or directory[2]
int(502)
[%d-%d-%d %d:%d:%d<.%d> %s.0]	ERROR	on standard output again
