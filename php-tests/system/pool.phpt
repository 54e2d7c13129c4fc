--TEST--
max_thread_num bounds the threads for files; stats() counts them
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

use Swoole\Coroutine\System;

swoole_async_set(['max_thread_num' => 2]);
$fifo = tempnam(sys_get_temp_dir(), 'steelwool') . '.fifo';
posix_mkfifo($fifo, 0600);
$show = static function () {
    $stats = Co::stats();
    echo "{$stats['aio_task_num']} tasks, {$stats['aio_queue_size']} waiting, {$stats['aio_worker_num']} threads\n";
};
Co\run(static function () use ($fifo, $show) {
    $show();
    for ($i = 0; $i < 3; $i++) {
        go(static function () use ($fifo) {
            echo System::readFile($fifo);
        });
    }
    Co::sleep(0.05);
    $show();
    // Both readers that run get what is written; the third reads when one of them has ended.
    for ($i = 0; $i < 3 && Co::stats()['aio_task_num'] > 0; $i++) {
        System::exec("echo line > $fifo");
        Co::sleep(0.05);
    }
    $show();
});
unlink($fifo);
?>
--EXPECTF--
0 tasks, 0 waiting, 0 threads
3 tasks, 1 waiting, 2 threads
%Aline
%A0 tasks, 0 waiting, 2 threads
