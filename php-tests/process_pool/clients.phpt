--TEST--
Clients send a message each and get an answer, over TCP and a Unix socket; bad clients do no harm
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

use Swoole\Process;
use Swoole\Process\Pool;

$file = sys_get_temp_dir() . '/steelwool-pool-' . getmypid();
foreach (['tcp', 'unix'] as $kind) {
    $port = free_port();
    $pool = new Pool(1, SWOOLE_IPC_SOCKET);
    var_dump($kind === 'tcp' ? $pool->listen('127.0.0.1', $port) : $pool->listen("unix:$file"));
    $pool->on('message', static function (Pool $pool, string $data): void {
        var_dump($pool->write(''), $pool->write("you said "), $pool->write($data));
        if ($data === 'stop') {
            $pool->shutdown();
        }
    });
    $client = new Process(static function () use ($kind, $port, $file): void {
        $address = $kind === 'tcp' ? "tcp://127.0.0.1:$port" : "unix://$file";
        foreach (["\0\0", "\0\0\0\0", "\x7f\0\0\0", "\0\0\0\4half"] as $index => $bad) {
            $stream = stream_socket_client($address);
            fwrite($stream, $index === 3 ? substr($bad, 0, 6) : $bad);
            fclose($stream);
        }
        foreach (['hello', 'stop'] as $message) {
            $stream = stream_socket_client($address);
            fwrite($stream, pack('N', strlen($message)) . $message);
            $answer = stream_get_contents($stream);
            echo unpack('N', $answer)[1], ': ', substr($answer, 4), "\n";
        }
    }, false, 0);
    $client->start();
    $pool->start();
    Process::wait();
    var_dump(file_exists($file), @$pool->write('nobody'));
}

?>
--EXPECT--
bool(true)
bool(false)
bool(true)
bool(true)
14: you said hello
bool(false)
bool(true)
bool(true)
13: you said stop
bool(false)
bool(false)
bool(true)
bool(false)
bool(true)
bool(true)
14: you said hello
bool(false)
bool(true)
bool(true)
13: you said stop
bool(false)
bool(false)
