--TEST--
Every request of a process that serves many (the built-in web server) starts afresh: ids, options, and coroutines left to its end
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$script = script_file(<<<'PHP'
    use Swoole\Coroutine;
    error_reporting(E_ALL & ~E_DEPRECATED);
    echo json_encode(Coroutine::getOptions()), ' ';
    Coroutine::set(['max_coroutine' => 7]);
    Coroutine\run(static fn () => Coroutine::sleep(0.001));
    echo go(static function (): void { Coroutine::sleep(0.001); echo 'left to the end'; }), ' ';
    PHP);
$port = free_port();
$server = proc_open([...php_command(), '-S', "127.0.0.1:$port", $script], [['file', '/dev/null', 'r'], ['file', '/dev/null', 'w'], ['file', '/dev/null', 'w']], $pipes);
for ($end = microtime(true) + 10; @fsockopen('127.0.0.1', $port) === false && microtime(true) < $end;) {
    usleep(2000);
}
for ($i = 0; $i < 3; $i++) {
    echo file_get_contents("http://127.0.0.1:$port/"), "\n";
}
proc_terminate($server);
proc_close($server);
--EXPECT--
null 2 left to the end
null 2 left to the end
null 2 left to the end
