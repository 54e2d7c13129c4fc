--TEST--
Server: bufferFull is called before send() returns in SWOOLE_BASE; too much, and too little time, have their own errors
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

foreach ([true, false] as $coroutine) {
    $server = ServerProcess::start(<<<'PHP'
        $server = new Swoole\Server('127.0.0.1', (int) getenv('PORT'), SWOOLE_BASE);
        $server->set([
            'worker_num' => 1,
            'log_file' => $log = tempnam(sys_get_temp_dir(), 'log'),
            'kernel_socket_send_buffer_size' => 65536,
            'socket_buffer_size' => 1 << 20,
            'buffer_high_watermark' => 1 << 19,
            'enable_coroutine' => (bool) getenv('COROUTINE'),
            'send_timeout' => 0.05,
        ]);
        $full = false;
        $server->on('bufferFull', static function () use (&$full): void {
            $full = true;
            echo 'full, ', Swoole\Coroutine::getCid() > 0 ? 'in a coroutine' : 'in none', "\n";
        });
        $server->on('receive', static function ($server, int $fd) use (&$full): void {
            while (!$full && $server->send($fd, str_repeat('x', 100_000))) {
            }
            echo $server->getLastError(), "\n";
            while ($server->send($fd, str_repeat('x', 100_000))) {
            }
            echo $server->getLastError(), "\n";
            $server->shutdown();
        });
        $server->start();
        echo preg_match('/Server::send_to_connection\(\) \(ERRNO 1009\): socket#\d+ output buffer overflow/', file_get_contents($log)), "\n";
        unlink($log);
        PHP, env: ['COROUTINE' => $coroutine ? '1' : '']);
    $client = connect_to($server->port, 20);
    fwrite($client, 'go');
    $server->wait(20);
    echo $server->output();
}
?>
--EXPECT--
full, in a coroutine
0
10018
0
full, in none
0
1009
1
