--TEST--
swoole_implicit_fn(), at the top level and in a coroutine
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$list = [1, time()];
var_dump(swoole_implicit_fn('refcount', $list), swoole_implicit_fn('func_handler', 'no_such_function'));
try {
    swoole_implicit_fn('nothing');
} catch (Swoole\Exception $exception) {
    echo $exception->getMessage(), ' ', $exception->getCode(), "\n";
}
show_php('swoole_implicit_fn("bailout"); echo "never\n";');
show_php('swoole_implicit_fn("bailout", 7); echo "never\n";');
show_php('swoole_implicit_fn("Fatal_Error"); echo "never\n";');
show_php('swoole_implicit_fn("abort"); echo "never\n";');
show_php('Co\run(function () { Co::sleep(0.001); swoole_implicit_fn("bailout", 9); echo "never\n"; }); echo "never\n";');
?>
--EXPECTF--
int(2)
bool(false)
unknown fn 'nothing' 505
exit code 95
exit code 7

Fatal error: Uncaught Swoole\Error: test in %s:2
%a
exit code 255
signal 6
exit code 9
