--TEST--
Coroutine\Socket: lengths that no memory has
--FILE--
<?php
use Swoole\Coroutine;

Coroutine\run(function () {
    [$near, $far] = swoole_coroutine_socketpair(AF_UNIX, SOCK_STREAM, 0);
    foreach ([PHP_INT_MAX, 1 << 62, 1 << 45] as $length) {
        foreach (['recv', 'recvAll', 'recvLine'] as $method) {
            $near->send("line\n");
            var_dump($far->peek($length), $far->$method($length, 0.05));
        }
    }
});
$process = new Swoole\Process(static fn ($it) => $it->write('x'), false, SOCK_STREAM);
$process->start();
var_dump($process->read(PHP_INT_MAX));
Swoole\Process::wait();
?>
--EXPECT--
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(5) "line
"
string(1) "x"
