--TEST--
flock() lets other coroutines run, one after the other; locks of another process are noticed
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

$path = tempnam(sys_get_temp_dir(), 'steelwool');
$inside = 0;
$took = seconds_of(100, static function () use ($path, &$inside): void {
    $file = fopen($path, 'c');
    expect(flock($file, LOCK_EX), 'flock');
    expect(++$inside === 1, 'alone');
    usleep(5000);
    $inside--;
    // Half of them give it back by closing the file.
    mt_rand(0, 1) ? flock($file, LOCK_UN) : fclose($file);
});
echo $took >= 0.5 && $took < 20 ? "in turns\n" : "$took s\n";
$took = seconds_of(40, static function () use ($path): void {
    $file = fopen($path, 'c');
    flock($file, LOCK_SH);
    usleep(200_000);
});
echo $took < 6 ? "shared\n" : "$took s\n";
// it says that it holds the lock, and gives it back when it is told to
$holder = proc_open(['flock', $path, 'sh', '-c', 'echo held; read line'], [['pipe', 'r'], ['pipe', 'w']], $pipes);
fgets($pipes[1]);
seconds_of(1, static function () use ($path, $pipes): void {
    go(static function () use ($pipes): void {
        usleep(20_000);
        echo "others run\n";
        fwrite($pipes[0], "\n");
    });
    $file = fopen($path, 'c');
    var_dump(flock($file, LOCK_EX | LOCK_NB, $blocked), $blocked);
    var_dump(flock($file, LOCK_EX));
});
proc_close($holder);
unlink($path);
--EXPECT--
in turns
shared
bool(false)
int(1)
others run
bool(true)
