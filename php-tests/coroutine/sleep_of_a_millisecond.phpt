--TEST--
To sleep for a millisecond takes one, not two: neither the runtime's clock nor the kernel's adds one of its own
--FILE--
<?php
use Swoole\Coroutine;

/** Whether half of 50 calls take no longer than this: in one of many rounds, as the machine may be busy with other things. */
function mostly(float $enough, Closure $call): string
{
    for ($round = 0; $round < 100; $round++) {
        $times = [];
        for ($try = 0; $try < 50; $try++) {
            $start = hrtime(true);
            $call();
            $times[] = (hrtime(true) - $start) / 1e6;
        }
        sort($times);
        if ($times[24] <= $enough) {
            return 'in time';
        }
    }
    return "$times[24] ms";
}

Coroutine\run(function () {
    echo 'sleep: ', mostly(1.8, static fn () => Coroutine::sleep(0.001)), "\n";
    echo 'usleep: ', mostly(1.8, static fn () => usleep(1000)), "\n";
    $channel = new Coroutine\Channel();
    echo 'channel: ', mostly(1.8, static fn () => $channel->pop(0.001)), "\n";
    $ticked = new Coroutine\Channel();
    $timer = Swoole\Timer::tick(1, static fn () => $ticked->push(true));
    echo 'timer: ', mostly(1.8, static fn () => $ticked->pop()), "\n";
    Swoole\Timer::clear($timer);
});
?>
--EXPECT--
sleep: in time
usleep: in time
channel: in time
timer: in time
