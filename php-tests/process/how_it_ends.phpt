--TEST--
A child ends as a script does: exit status, uncaught exception, fatal error, shutdown functions and destructors
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    use Swoole\Process;

    final class Kept
    {
        public function __destruct()
        {
            echo getmypid() === PARENT ? "destructor in the parent\n" : "destructor in the child\n";
        }
    }

    define('PARENT', getmypid());
    ini_set('display_errors', '0');
    register_shutdown_function(static function (): void {
        echo getmypid() === PARENT ? "shutdown in the parent\n" : "shutdown in the child\n";
    });
    $kept = new Kept();
    $ways = [
        'returns' => static fn () => 5,
        'exit(3)' => static fn () => exit(3),
        'throws' => static fn () => throw new Exception('not caught'),
        'fatal error' => static fn () => eval('function strlen() {}'),
        'user error' => static fn () => trigger_error('stop', E_USER_ERROR),
        'Process::exit' => static fn (Process $process) => $process->exit(7),
        'killed' => static fn () => posix_kill(getmypid(), SIGKILL),
    ];
    foreach ($ways as $way => $callback) {
        foreach ([false, true] as $coroutine) {
            if ($way === 'Process::exit' && $coroutine) {
                continue;
            }
            (new Process($callback, false, 0, $coroutine))->start();
            $ended = Process::wait();
            echo $way, $coroutine ? ' in a coroutine' : '', ": code {$ended['code']}, signal {$ended['signal']}\n";
        }
    }
    PHP);

?>
--EXPECT--
shutdown in the child
destructor in the child
returns: code 0, signal 0
shutdown in the child
destructor in the child
returns in a coroutine: code 0, signal 0
shutdown in the child
destructor in the child
exit(3): code 3, signal 0
shutdown in the child
destructor in the child
exit(3) in a coroutine: code 255, signal 0
shutdown in the child
destructor in the child
throws: code 255, signal 0
shutdown in the child
destructor in the child
throws in a coroutine: code 255, signal 0
shutdown in the child
fatal error: code 255, signal 0
shutdown in the child
fatal error in a coroutine: code 255, signal 0
shutdown in the child
user error: code 255, signal 0
shutdown in the child
user error in a coroutine: code 255, signal 0
Process::exit: code 7, signal 0
killed: code 0, signal 9
killed in a coroutine: code 0, signal 9
shutdown in the parent
destructor in the parent
exit code 0
