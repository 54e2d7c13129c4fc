--TEST--
Busy coroutines starve neither each other nor sleepers nor channels
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine::set(['enable_preemptive_scheduler' => true, 'hook_flags' => 0]);
Coroutine\run(static function (): void {
    $turns = [0, 0, 0];
    $stop = false;
    foreach ([0, 1, 2] as $i) {
        go(static function () use ($i, &$turns, &$stop): void {
            while (!$stop) {
                $turns[$i]++;
            }
        });
    }
    $channel = new Coroutine\Channel(1);
    go(static function () use ($channel): void {
        for ($i = 0; $i < 5; $i++) {
            Coroutine::sleep(0.002);
            $channel->push($i);
        }
        $channel->close();
    });
    $got = [];
    while (($value = $channel->pop()) !== false) {
        $got[] = $value;
    }
    $stop = true;
    var_dump(implode(' ', $got), min($turns) > 0);
});
--EXPECT--
string(9) "0 1 2 3 4"
bool(true)
