--TEST--
statvfs(): what df says
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

Co\run(static function () {
    $sizes = Co\System::statvfs('/');
    echo implode(' ', array_keys($sizes)), "\n";
    var_dump((float) $sizes['frsize'] * $sizes['blocks'] === disk_total_space('/'));
    var_dump($sizes['namemax'] >= 255, $sizes['bfree'] >= $sizes['bavail']);
    var_dump(array_keys(Co::statvfs('/nowhere')) === array_keys($sizes), swoole_errno() === SOCKET_ENOENT);
});
?>
--EXPECT--
bsize frsize blocks bfree bavail files ffree favail fsid flag namemax
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
