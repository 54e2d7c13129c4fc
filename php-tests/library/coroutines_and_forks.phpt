--TEST--
first use in coroutines, while another autoload waits, in a forked child, and in each request of one process
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

require __DIR__ . '/../include/bootstrap.php';

spl_autoload_register(static function (string $name): void {
    echo "loading $name\n";
    Coroutine::sleep(0.01);
    eval("class $name extends Swoole\\ArrayObject {}");
});

Coroutine\run(static function (): void {
    foreach ([1, 2] as $n) {
        go(static function () use ($n): void {
            echo get_parent_class(new Basket([$n])), "\n";
        });
        go(static function () use ($n): void {
            echo swoole_string("s$n")->upper(), ' ', count(new Swoole\ArrayObject([$n])), "\n";
        });
    }
});

foreach (['Swoole\ObjectProxy', 'Swoole\ArrayObject'] as $class) {
    $child = pcntl_fork();
    if ($child === 0) {
        echo 'child: ', (new ReflectionClass($class))->getFileName(), ' ', count(swoole_array([1, 2])), "\n";
        exit(0);
    }
    pcntl_waitpid($child, $status);
}

$script = script_file('echo swoole_library_get_option("n") ?? "unset", " "; swoole_library_set_option("n", 1); echo swoole_array([1, 2])->join("+"), " ";');
$port = free_port();
$server = proc_open([...php_command(), '-S', "127.0.0.1:$port", $script], [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', '/dev/null', 'w']], $pipes);
for ($end = microtime(true) + 10; @fsockopen('127.0.0.1', $port) === false && microtime(true) < $end;) {
    usleep(2000);
}
echo file_get_contents("http://127.0.0.1:$port/"), file_get_contents("http://127.0.0.1:$port/"), "\n";
proc_terminate($server);
proc_close($server);
?>
--EXPECT--
loading Basket
S1 1
S2 1
Swoole\ArrayObject
Swoole\ArrayObject
child: @swoole/library/core/ObjectProxy.php 2
child: @swoole/library/core/ArrayObject.php 2
unset 1+2 unset 1+2 
