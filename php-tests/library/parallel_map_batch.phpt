--TEST--
parallel(), map() and batch() run at once and wait for all
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

use function Swoole\Coroutine\{batch, map, parallel};

Coroutine\run(static function (): void {
    $count = 0;
    parallel(3, static function () use (&$count): void {
        echo 'start ', ++$count, "\n";
        Coroutine::sleep(0.001);
    });
    parallel(0, static fn () => print('never'));
    echo "parallel done\n";

    echo json_encode(map(['a' => 3, 'b' => 1], static function (int $value, string $key): string {
        Coroutine::sleep($value / 100);
        echo "$key ends\n";
        return $key . $value;
    })), "\n";
    echo json_encode(map(['ab', 'c'], static fn ($value) => strtoupper($value))), "\n";

    $results = batch([
        'soon' => static fn () => 1,
        'late' => static function (): int {
            Coroutine::sleep(0.1);
            return 2;
        },
        3 => static function (): int {
            Coroutine::sleep(0.001);
            return 3;
        },
    ], 0.03);
    echo json_encode($results), json_encode(batch([])), json_encode(map([], 'strlen')), "\n";
    try {
        batch('no array');
    } catch (TypeError $error) {
        echo strstr($error->getMessage(), ', called', true), "\n";
    }
});
?>
--EXPECT--
start 1
start 2
start 3
parallel done
b ends
a ends
{"a":"a3","b":"b1"}
["AB","C"]
{"soon":1,"late":null,"3":3}[][]
Swoole\Coroutine\batch(): Argument #1 ($tasks) must be of type array, string given
