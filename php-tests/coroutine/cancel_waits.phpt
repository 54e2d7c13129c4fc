--TEST--
cancel() ends what a coroutine waits for; the call returns false
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

function waits(string $what, callable $wait, bool $code = true): void
{
    $cid = go(static function () use ($what, $wait, $code): void {
        swoole_clear_error();
        $result = $wait();
        $error = $code && swoole_last_error() === SWOOLE_ERROR_CO_CANCELED ? 'canceled' : swoole_last_error();
        echo $what, ': ', var_export($result, true), ', error ', $error, ', ', var_export(Coroutine::isCanceled(), true), "\n";
        Coroutine::sleep(0.001);
        echo $what, ' went on: ', var_export(Coroutine::isCanceled(), true), "\n";
    });
    var_dump(Coroutine::cancel($cid));
    Coroutine::sleep(0.003);
}

Coroutine\run(static function (): void {
    $me = Coroutine::getCid();
    waits('yield', static fn () => Coroutine::yield());
    waits('sleep', static fn () => Coroutine::sleep(10));
    $empty = new Channel(1);
    waits('pop', static fn () => [$empty->pop(), $empty->errCode === SWOOLE_CHANNEL_CANCELED]);
    waits('pop, timed', static fn () => [$empty->pop(10), $empty->errCode === SWOOLE_CHANNEL_CANCELED]);
    $full = new Channel(1);
    $full->push(1);
    waits('push', static fn () => [$full->push(2, 10), $full->errCode === SWOOLE_CHANNEL_CANCELED]);
    waits('join', static fn () => Coroutine::join([$me]));
    $group = new Coroutine\WaitGroup(1);
    waits('wait group', static fn () => $group->wait());
    var_dump($empty->stats(), $full->length());
});
--EXPECT--
yield: false, error canceled, true
bool(true)
yield went on: false
sleep: false, error canceled, true
bool(true)
sleep went on: false
pop: array (
  0 => false,
  1 => true,
), error 0, true
bool(true)
pop went on: false
pop, timed: array (
  0 => false,
  1 => true,
), error 0, true
bool(true)
pop, timed went on: false
push: array (
  0 => false,
  1 => true,
), error 0, true
bool(true)
push went on: false
join: false, error canceled, true
bool(true)
join went on: false
wait group: false, error 0, true
bool(true)
wait group went on: false
array(3) {
  ["consumer_num"]=>
  int(0)
  ["producer_num"]=>
  int(0)
  ["queue_num"]=>
  int(0)
}
int(1)
