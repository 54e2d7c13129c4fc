--TEST--
ext/ftp, which was never adapted, yields: commands, listings over a second connection, and time-outs
--EXTENSIONS--
ftp
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

// A server of the few commands that are used here. NOOP takes 0.2 s, and so does the listing; "SITE SILENT" is never answered.
$server = ServerProcess::start(<<<'PHP'
    <?php
    Swoole\Coroutine\run(static function () use ($argv): void {
        $listener = stream_socket_server(
            "tcp://127.0.0.1:$argv[1]",
            context: stream_context_create(['socket' => ['backlog' => 512]]),
        );
        while ($connection = stream_socket_accept($listener, -1)) {
            go(static function () use ($connection): void {
                fwrite($connection, "220 ready\r\n");
                $data = null;
                while (($line = fgets($connection)) !== false) {
                    [$command] = explode(' ', trim($line));
                    if ($command === 'PASV') {
                        $data = stream_socket_server('tcp://127.0.0.1:0');
                        $port = (int) substr(strrchr(stream_socket_get_name($data, false), ':'), 1);
                        fprintf($connection, "227 (127,0,0,1,%d,%d)\r\n", $port >> 8, $port & 255);
                    } elseif ($command === 'NLST') {
                        fwrite($connection, "150 here it comes\r\n");
                        $peer = stream_socket_accept($data);
                        usleep(200_000);
                        fwrite($peer, "one\r\ntwo\r\n");
                        fclose($peer);
                        fwrite($connection, "226 done\r\n");
                    } elseif ($command !== 'SITE') {
                        usleep($command === 'NOOP' || $command === 'PWD' ? 200_000 : 0);
                        fwrite($connection, match ($command) {
                            'USER' => "331 and the password\r\n",
                            'PASS' => "230 in\r\n",
                            'PWD' => "257 \"/here\"\r\n",
                            default => "200 ok\r\n",
                        });
                    }
                }
            });
        }
    });
    PHP);
$login = static function (int $timeout = 90) use ($server) {
    $ftp = ftp_connect('127.0.0.1', $server->port, $timeout);
    expect(ftp_login($ftp, 'user', 'password') && ftp_pasv($ftp, true), 'login');
    return $ftp;
};
show_concurrency('ftp_pwd', static function () use ($login): void {
    expect(ftp_pwd($login()) === '/here', 'pwd');
}, SWOOLE_HOOK_TCP);
show_concurrency('ftp_nlist', static function () use ($login): void {
    expect(ftp_nlist($login(), '.') === ['one', 'two'], 'nlist');
}, SWOOLE_HOOK_TCP);
$time = seconds_of(20, static function () use ($login): void {
    expect(@ftp_site($login(1), 'SILENT') === false, 'time-out');
});
echo $time > 0.95 && $time < 12 ? 'time-outs together' : "time-outs took $time s", "\n";
--EXPECT--
ftp_pwd: together, in turns without the hook
ftp_nlist: together, in turns without the hook
time-outs together
