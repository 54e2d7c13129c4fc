--TEST--
A thousand runs, one after the other, leave no memory behind
--CONFLICTS--
all
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

require __DIR__ . '/../include/bootstrap.php';

function once(): void
{
    Coroutine\run(static function (): void {
        for ($i = 0; $i < 10; $i++) {
            go(static function (): void {
                Coroutine::sleep(0.001);
            });
        }
    });
}

for ($i = 0; $i < 200; $i++) {
    once();
}
$before = resident_bytes();
$files = count(scandir('/proc/self/fd'));
for ($i = 0; $i < 1000; $i++) {
    once();
}
$growth = resident_bytes() - $before;
echo $growth < 1 << 20 ? 'no growth' : "grew by $growth bytes", ', ', count(scandir('/proc/self/fd')) - $files, " more descriptors\n";
--EXPECT--
no growth, 0 more descriptors
