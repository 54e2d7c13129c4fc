--TEST--
exec(): commands run beside each other and beside coroutines, and leave no zombies
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

Co\run(static function () {
    $start = microtime(true);
    $group = new Swoole\Coroutine\WaitGroup();
    foreach (range(1, 10) as $number) {
        $group->add();
        go(static function () use ($group, $number, &$sum) {
            $sum += Co\System::exec("sleep 0.3; exit $number")['code'];
            $group->done();
        });
    }
    echo "all wait\n";
    $group->wait();
    var_dump($sum, microtime(true) - $start < 2);
});
$zombies = 0;
foreach (glob('/proc/[0-9]*/stat') as $file) {
    $stat = @file_get_contents($file);
    [$state, $parent] = explode(' ', substr((string) strrchr((string) $stat, ')'), 2)) + [1 => 0];
    $zombies += $state === 'Z' && (int) $parent === getmypid();
}
echo "$zombies zombies\n";
?>
--EXPECT--
all wait
int(55)
bool(true)
0 zombies
