--TEST--
Coroutines that ended, however they did, leave no memory behind
--CONFLICTS--
all
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

require __DIR__ . '/../include/bootstrap.php';

function round_trip(): void
{
    $channel = new Channel(2);
    go(static function () use ($channel): void {
        Coroutine::defer(static function () use ($channel): void {
            $channel->push(['deferred', str_repeat('x', 1000)]);
        });
        $context = Coroutine::getContext();
        $context['self'] = $context;
        ob_start();
        echo 'text';
        try {
            Coroutine::sleep(0.001);
            throw new RuntimeException('thrown', 1, new LogicException('before'));
        } catch (RuntimeException $e) {
            $channel->push($e);
        }
        ob_end_clean();
    });
    go(static function () use ($channel): void {
        $channel->pop();
        $channel->pop();
        $channel->pop(0.001);
        try {
            exit(3);
        } catch (Swoole\ExitException) {
        }
    });
    $fiber = new Fiber(static function (): void {
        Coroutine::sleep(0.001);
        Fiber::suspend();
    });
    $fiber->start();
}

Coroutine\run(static function (): void {
    $run = static function (): void {
        for ($i = 0; $i < 200; $i++) {
            go(round_trip(...));
        }
        Coroutine::sleep(0.05);
        gc_collect_cycles();
    };
    for ($i = 0; $i < 20; $i++) {
        $run();
    }
    $before = [memory_get_usage(), resident_bytes()];
    for ($i = 0; $i < 50; $i++) {
        $run();
    }
    $php = memory_get_usage() - $before[0];
    $all = resident_bytes() - $before[1];
    echo $php < 100000 ? 'no growth' : "PHP grew by $php bytes", ', ', $all < 2 << 20 ? 'no growth' : "grew by $all bytes", "\n";
    var_dump(Coroutine::stats()['coroutine_num']);
});
--EXPECT--
no growth, no growth
int(1)
