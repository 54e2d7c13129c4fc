--TEST--
Server: with a dispatch mode that gives a connection to several workers, the log says which events are not told
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

foreach ([[SWOOLE_PROCESS, 1, false], [SWOOLE_PROCESS, 5, true], [SWOOLE_PROCESS, 4, false], [SWOOLE_BASE, 3, false]] as [$kind, $mode, $unsafe]) {
    $end = run_php(<<<'PHP'
        [, $kind, $mode, $unsafe] = $argv;
        $server = new Swoole\Server('127.0.0.1', 0, (int) $kind);
        $server->set(['worker_num' => 1, 'dispatch_mode' => (int) $mode, 'enable_unsafe_event' => (bool) $unsafe]);
        $server->on('receive', static function () {});
        foreach (['connect', 'close', 'bufferFull'] as $event) {
            $server->on($event, static function () {});
        }
        $server->on('workerStart', static fn ($server) => $server->shutdown());
        $server->start();
        PHP, seconds: 20, arguments: [(string) $kind, (string) $mode, $unsafe ? '1' : '0']);
    preg_match_all('/Server::start_check\(\) .*/', $end['out'], $lines);
    echo implode("\n", $lines[0]), "\n--\n";
}
?>
--EXPECT--
Server::start_check() (ERRNO 9015): cannot set 'onConnect' event when using dispatch_mode=1
Server::start_check() (ERRNO 9015): cannot set 'onClose' event when using dispatch_mode=1
Server::start_check() (ERRNO 9015): cannot set 'onBufferFull' event when using dispatch_mode=1
--

--

--

--
