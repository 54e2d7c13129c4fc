--TEST--
swoole_exec() and swoole_shell_exec() wait in their coroutine
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    go(static function (): void {
        var_dump(swoole_exec('sleep 0.05; printf "a  \n\nb\n"; exit 3', $output, $status), $output, $status);
        var_dump(swoole_exec('echo c', $output), $output);
        var_dump(swoole_exec('true', $none, $status), $none, $status);
        var_dump(swoole_shell_exec('printf "x\n\n"'), swoole_shell_exec('true'));
    });
    echo "meanwhile\n";
});
?>
--EXPECT--
meanwhile
string(1) "b"
array(3) {
  [0]=>
  string(1) "a"
  [1]=>
  string(0) ""
  [2]=>
  string(1) "b"
}
int(3)
string(1) "c"
array(4) {
  [0]=>
  string(1) "a"
  [1]=>
  string(0) ""
  [2]=>
  string(1) "b"
  [3]=>
  string(1) "c"
}
bool(false)
array(0) {
}
int(0)
string(3) "x

"
NULL
