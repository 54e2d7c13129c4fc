--TEST--
usort(), array_walk(), serialize() and unserialize() of several coroutines do not disturb each other when their callbacks wait
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

final class Waits
{
    public function __construct(public int $number)
    {
    }

    public function __serialize(): array
    {
        Coroutine::sleep(0.001);
        return [$this->number, clone new ArrayObject([$this->number])];
    }

    public function __unserialize(array $data): void
    {
        Coroutine::sleep(0.001);
        $this->number = $data[0];
    }
}

$lines = [];
Coroutine\run(static function () use (&$lines): void {
    foreach ([1, 2, 3] as $i) {
        go(static function () use ($i, &$lines): void {
            $values = range(1, 6);
            usort($values, static function (int $a, int $b) use ($i): int {
                Coroutine::sleep(0.0011 * $i);
                return $i % 2 ? $b <=> $a : $a <=> $b;
            });
            uksort($values, static fn (int $a, int $b): int => Coroutine::sleep(0.001) ? $b <=> $a : 0);
            array_walk($values, static function (int &$value) use ($i): void {
                Coroutine::sleep(0.0013);
                $value *= $i;
            });
            $copy = unserialize(serialize([new Waits($i), new Waits($i + 10)]));
            $lines[$i] = implode(' ', [$i . ':', ...$values, $copy[0]->number, $copy[1]->number]);
        });
    }
});
ksort($lines);
echo implode("\n", $lines), "\n";
--EXPECT--
1: 1 2 3 4 5 6 1 11
2: 12 10 8 6 4 2 2 12
3: 3 6 9 12 15 18 3 13
