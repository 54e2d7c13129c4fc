--TEST--
Process\Manager: a function for each process, in a coroutine if wanted
--FILE--
<?php

declare(strict_types=1);

use Swoole\Atomic;
use Swoole\Coroutine;
use Swoole\Process\Manager;
use Swoole\Process\Pool;

$table = swoole_table(8, 'plain:int,inside:int');
$ready = new Atomic(0);
$manager = new Manager();
$manager->add(static function (Pool $pool, int $id) use ($table, $ready): void {
    $table->set((string) $id, ['plain' => 1, 'inside' => (int) (Coroutine::getCid() > 0)]);
    while ($ready->get() < 2) {
        usleep(1000);
    }
    $pool->shutdown();
    sleep(10);
});
$manager->addBatch(2, static function (Pool $pool, int $id) use ($table, $ready): void {
    $table->set((string) $id, ['plain' => 0, 'inside' => (int) (Coroutine::getCid() > 0)]);
    $ready->add();
    Coroutine::sleep(10);
}, true);
$manager->start();
for ($id = 0; $id < 3; $id++) {
    echo $id, ' ', json_encode($table->get((string) $id)), "\n";
}
?>
--EXPECT--
0 {"plain":1,"inside":0}
1 {"plain":0,"inside":1}
2 {"plain":0,"inside":1}
