--TEST--
name look-ups and exec() can be cancelled, files cannot
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/DnsServer.php';

use Swoole\Coroutine\System;

$server = DnsServer::start();
swoole_async_set(['dns_server' => "127.0.0.1:{$server->port}"]);
$file = tempnam(sys_get_temp_dir(), 'steelwool');
$lock = fopen($file, 'r+');
fwrite($lock, 'content');
flock($lock, LOCK_EX);

$cancel = static function (Closure $call) {
    $id = go(static function () use ($call) {
        $result = $call();
        echo json_encode($result), ' ', swoole_last_error(), "\n";
    });
    echo Co::cancel($id) ? "cancelled\n" : 'refused ' . swoole_last_error() . "\n";
};
Co\run(static function () use ($cancel, $file, $lock) {
    $cancel(static fn () => System::gethostbyname('some.host.invalid'));
    $cancel(static fn () => System::getaddrinfo('some.host.invalid'));
    $cancel(static fn () => System::dnsLookup('silent.test'));
    $id = go(static function () {
        echo json_encode(System::exec('echo early; sleep 0.1; exit 3')), "\n";
    });
    Co::sleep(0.05);
    var_dump(Co::cancel($id));
    Co::sleep(0.1);
    $cancel(static fn () => System::readFile($file, LOCK_EX));
    flock($lock, LOCK_UN);
});
unlink($file);
?>
--EXPECT--
false 10017
cancelled
false 10017
cancelled
false 711
cancelled
bool(true)
{"code":3,"signal":0,"output":"early\n"}
refused 10015
"content" 10015
