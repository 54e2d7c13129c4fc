--TEST--
swoole_async_set() takes any settings, and refuses what is no array and what comes too late
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

var_dump(swoole_async_set([]));
var_dump(swoole_async_set(['no_such_setting' => 1, 'dns_server' => 'anything', 'socket_timeout' => 'x', 'socket_buffer_size' => '2M']));
foreach ([null, 'x', new stdClass()] as $wrong) {
    try {
        swoole_async_set($wrong);
    } catch (TypeError $error) {
        echo $error->getMessage(), "\n";
    }
}
var_dump(swoole_last_error());

show_php(<<<'PHP'
    Co\run(static function () {
        swoole_async_set(['log_level' => 1]);
        echo "never\n";
    });
    PHP);
show_php('swoole_async_set(["socket_buffer_size" => "2 apples"]); echo "never\n";');
?>
--EXPECTF--
bool(true)
bool(true)
swoole_async_set(): Argument #1 ($settings) must be of type array, null given
swoole_async_set(): Argument #1 ($settings) must be of type array, string given
swoole_async_set(): Argument #1 ($settings) must be of type array, stdClass given
int(0)

Fatal error: swoole_async_set(): eventLoop has already been created. unable to change settings in %s
exit code 255

Fatal error: swoole_async_set(): failed to parse '2 apples' to size, Error: Invalid quantity "2 apples": unknown multiplier "s", interpreting as "2 " for backwards compatibility in %s
exit code 255
