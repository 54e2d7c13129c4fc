--TEST--
An overflow of a coroutine's C stack ends the process with a clear message
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$end = run_php(<<<'PHP'
    function nest(int $n): int
    {
        return array_map(static fn (int $left): int => nest($left + 1), [$n])[0];
    }
    Swoole\Coroutine\run(static function (): void {
        Swoole\Coroutine::sleep(0.001);
        nest(0);
    });
    PHP, ['memory_limit' => '-1']);
var_dump(preg_match('/stack/i', $end['out']) === 1, $end['code'] !== 0);
--EXPECT--
bool(true)
bool(true)
