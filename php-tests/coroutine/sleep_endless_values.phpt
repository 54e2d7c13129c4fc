--TEST--
sleep() of NAN, INF or centuries
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

require __DIR__ . '/../include/bootstrap.php';

foreach (['NAN', '-INF', 'INF', '1e30', '1e10'] as $seconds) {
    echo "$seconds: ";
    show_php(str_replace('SECONDS', $seconds, <<<'PHP'
        Swoole\Coroutine\run(static function (): void {
            go(static function (): void {
                Swoole\Coroutine::sleep(0.05);
                posix_kill(getmypid(), SIGTERM);
            });
            var_dump(Swoole\Coroutine::sleep(SECONDS));
        });
        PHP));
}
--EXPECTF--
NAN: signal 15
-INF: 
Warning: Swoole\Coroutine::sleep(): Timer must be greater than or equal to 0.001 in %s on line 7
bool(false)
signal 15
INF: %Asignal 15
1e30: %Asignal 15
1e10: signal 15
