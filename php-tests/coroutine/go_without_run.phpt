--TEST--
Top-level go(): the loop runs at the end of the script
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

error_reporting(E_ALL & ~E_DEPRECATED);
register_shutdown_function(static function (): void {
    echo "registered shutdown function\n";
});
$id = go(static function (): void {
    echo "1\n";
    Coroutine::sleep(0.01);
    echo "3\n";
    Coroutine::sleep(0.01);
    echo "4, cid ", Coroutine::getCid(), "\n";
});
var_dump($id);
echo "2 (end of script)\n";
--EXPECT--
1
int(1)
2 (end of script)
registered shutdown function
3
4, cid 1
