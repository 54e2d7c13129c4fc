--TEST--
Semaphores and message queues of System V: who waits lets others run, is woken by its own process and by others, and can be cancelled
--EXTENSIONS--
sysvsem
sysvmsg
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

$semaphore = sem_get(ftok(__FILE__, 's') ^ getmypid(), 1);
$queue = msg_get_queue(ftok(__FILE__, 'q') ^ getmypid(), 0600);
msg_set_queue($queue, ['msg_qbytes' => 4096]);

/** Seconds that this takes. */
function seconds(Closure $call): float
{
    $start = microtime(true);
    $call();
    return microtime(true) - $start;
}

// One after the other, each woken by the one before.
$order = [];
$time = seconds_of(100, static function (int $i) use ($semaphore, &$order): void {
    sem_acquire($semaphore);
    $order[] = $i;
    usleep(2000);
    sem_release($semaphore);
});
echo count(array_unique($order)), ' holders', $time > 0.2 && $time < 20 ? '' : " in $time s", "\n";

// One reader and one writer of each other's messages, with a queue that fills up.
seconds_of(1, static function () use ($queue): void {
    go(static function () use ($queue): void {
        for ($i = 0; $i < 50; $i++) {
            msg_send($queue, 1, str_repeat("$i ", 300), false);
        }
        echo "sent\n";
    });
    usleep(5000);
    echo "queue is full\n";
    $right = 0;
    for ($i = 0; $i < 50; $i++) {
        msg_receive($queue, 1, $kind, 4096, $message, false);
        $right += (int) ($message === str_repeat("$i ", 300));
    }
    echo "$right received\n";
    usleep(5000);
    $waited = seconds(static function () use ($queue, &$message): void {
        go(static function () use ($queue): void {
            usleep(20_000);
            msg_send($queue, 2, 'late', false);
        });
        msg_receive($queue, 2, $kind, 100, $message, false);
    });
    expect($message === 'late' && $waited > 0.015 && $waited < 5, "late $waited");
    var_dump(msg_receive($queue, 2, $kind, 100, $message, false, MSG_IPC_NOWAIT, $error), $error === MSG_ENOMSG);

    // Another process sends.
    $child = run_php(<<<'PHP'
        <?php
        msg_send(msg_get_queue((int) $argv[1]), 3, 'from a child', false);
        PHP, arguments: [(string) (ftok(__FILE__, 'q') ^ getmypid())]);
    msg_receive($queue, 3, $kind, 100, $message, false);
    echo $message, "\n";

    $cid = go(static function () use ($queue): void {
        var_dump(msg_receive($queue, 9, $kind, 100, $message, false, 0, $error), posix_strerror($error));
    });
    usleep(3000);
    expect(seconds(static fn () => Swoole\Coroutine::cancel($cid)) < 2, 'cancel');
});
seconds_of(1, static function () use ($semaphore): void {
    sem_acquire($semaphore);
    $cid = go(static function () use ($semaphore): void {
        var_dump(@sem_acquire($semaphore), posix_strerror(swoole_last_error()));
    });
    usleep(3000);
    Swoole\Coroutine::cancel($cid);
    sem_release($semaphore);
});
sem_remove($semaphore);
msg_remove_queue($queue);
--EXPECT--
100 holders
queue is full
sent
50 received
bool(false)
bool(true)
from a child
bool(false)
string(18) "Operation canceled"
bool(false)
string(18) "Operation canceled"
