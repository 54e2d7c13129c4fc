--TEST--
a script that does not use the library needs no more memory for it
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$memory = static fn (string $setting): int => (int) run_php('echo memory_get_usage();', ['swoole.enable_library' => $setting])['out'];
$off = $memory('Off');
var_dump($off > 100000, $memory('On') - $off);
?>
--EXPECT--
bool(true)
int(0)
