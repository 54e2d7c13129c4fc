--TEST--
join() waits until all have ended, deferred functions included
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

Coroutine\run(static function (): void {
    $ended = [];
    $ids = [];
    foreach ([0.012, 0.004, 0.008] as $i => $seconds) {
        $ids[] = go(static function () use ($i, $seconds, &$ended): void {
            Coroutine\defer(static function () use ($i, &$ended): void {
                $ended[] = $i;
            });
            Coroutine::sleep($seconds);
        });
    }
    var_dump(Coroutine::join([...$ids, 99999]), implode(' ', $ended));
    var_dump(array_map(Coroutine::exists(...), $ids));

    $first = go(static function (): void {
        Coroutine::yield();
        echo "first ends\n";
    });
    go(static function () use ($first): void {
        var_dump(Coroutine::join([$first]));
        echo "joined\n";
    });
    Coroutine::resume($first);
    echo "not at once\n";
    Coroutine::sleep(0.001);
    $threw = go(static function (): void {
        try {
            Coroutine::sleep(0.001);
            throw new Exception('inside');
        } catch (Exception $exception) {
            echo $exception->getMessage(), "\n";
        }
    });
    var_dump(Coroutine::join([(string) $threw, null, []]));
});
--EXPECT--
bool(true)
string(5) "1 2 0"
array(3) {
  [0]=>
  bool(false)
  [1]=>
  bool(false)
  [2]=>
  bool(false)
}
first ends
not at once
bool(true)
joined
inside
bool(true)
