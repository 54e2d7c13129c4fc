--TEST--
readFile() of a locked file and of a fifo suspends the coroutine, not the process
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

use Swoole\Coroutine\System;

$file = tempnam(sys_get_temp_dir(), 'steelwool');
$lock = fopen($file, 'r+');
fwrite($lock, 'locked');
flock($lock, LOCK_EX);
posix_mkfifo("$file.fifo", 0600);
Co\run(static function () use ($file, $lock) {
    go(static function () use ($file) {
        echo System::readFile($file, LOCK_EX), "\n";
    });
    go(static function () use ($file) {
        echo System::readFile("$file.fifo"), "\n";
    });
    echo "both wait\n";
    Co::sleep(0.05);
    echo "still\n";
    flock($lock, LOCK_UN);
    Co::sleep(0.05);
    System::writeFile("$file.fifo", 'through the fifo');
});
unlink($file);
unlink("$file.fifo");
?>
--EXPECT--
both wait
still
locked
through the fifo
