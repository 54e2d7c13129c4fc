--TEST--
exec(): output, exit status, signal, error output
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

use Swoole\Coroutine\System;

$show = static function (array|false $result) {
    printf("code %d signal %d output %s\n", $result['code'], $result['signal'], json_encode($result['output']));
};
Co\run(static function () use ($show) {
    $show(System::exec('echo out'));
    $show(Co::exec('echo out; echo err >&2; exit 3', true));
    $show(System::exec('echo out; echo err 2>/dev/null >&2; exit 3'));
    $show(System::exec('kill -9 $$'));
    $show(System::exec(''));
    $show(System::exec('no-such-command-at-all', true));
    $show(System::exec("echo a\0b"));
    $show(System::exec('exec >&-; sleep 0.05; exit 4'));
    $show(System::exec(str_repeat('x', 3_000_000)));
    var_dump(strlen(System::exec('head -c 300000 /dev/zero')['output']));
    try {
        System::exec([]);
    } catch (TypeError $error) {
        echo $error->getMessage(), "\n";
    }
});
show_php('Co\System::exec("echo never");');
?>
--EXPECTF--
code 0 signal 0 output "out\n"
code 3 signal 0 output "out\nerr\n"
code 3 signal 0 output "out\n"
code 0 signal 9 output ""
code 0 signal 0 output ""
code 127 signal 0 output "sh: 1: no-such-command-at-all: not found\n"
code 0 signal 0 output "a\n"
code 4 signal 0 output ""
code 127 signal 0 output ""
int(300000)
Swoole\Coroutine\System::exec(): Argument #1 ($command) must be of type string, array given

Fatal error: Uncaught Swoole\Error: API must be called in the coroutine in %s:2
%a
