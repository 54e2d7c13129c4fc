--TEST--
However a worker ends it is replaced: exit, exception, fatal error, signal
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

foreach ([false, true] as $coroutine) {
    foreach (['exit(3);', 'throw new Exception("not caught");', 'eval("function strlen() {}");', 'posix_kill(getmypid(), SIGKILL);'] as $end) {
        echo $coroutine ? 'with' : 'without', " coroutines: $end\n";
        $ran = run_php(strtr(<<<'PHP'
            use Swoole\Process\Pool;
            ini_set('display_errors', '0');
            $runs = new Swoole\Atomic(0);
            $pool = new Pool(1, 0, 0, COROUTINE);
            $pool->on('workerStart', function (Pool $pool) use ($runs): void {
                if ($runs->add() === 2) {
                    echo "the next\n";
                    $pool->shutdown();
                    sleep(10);
                }
                END
            });
            $pool->start();
            echo "over\n";
            PHP, ['COROUTINE' => var_export($coroutine, true), 'END' => $end]));
        echo preg_replace('/^\[.*?\]/m', '[]', $ran['out']), "exit code {$ran['code']}\n";
    }
}

?>
--EXPECTF--
without coroutines: exit(3);
the next
over
exit code 0
without coroutines: throw new Exception("not caught");
the next
over
exit code 0
without coroutines: eval("function strlen() {}");
the next
over
exit code 0
without coroutines: posix_kill(getmypid(), SIGKILL);
[]	WARNING	Worker::report_error(): worker(pid=%d, id=0) abnormal exit, status=0, signal=9
the next
over
exit code 0
with coroutines: exit(3);
the next
over
exit code 0
with coroutines: throw new Exception("not caught");
the next
over
exit code 0
with coroutines: eval("function strlen() {}");
the next
over
exit code 0
with coroutines: posix_kill(getmypid(), SIGKILL);
[]	WARNING	Worker::report_error(): worker(pid=%d, id=0) abnormal exit, status=0, signal=9
the next
over
exit code 0
