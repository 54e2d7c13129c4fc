--TEST--
What write() is given goes out at once, though the handler blocks its process behind it
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    use Swoole\Http\{Request, Response, Server};
    $server = new Server('127.0.0.1', (int) $argv[1], (int) getenv('MODE'));
    $server->set([
        'worker_num' => 1, 'enable_coroutine' => (bool) getenv('COROUTINES'), 'hook_flags' => 0, 'log_level' => SWOOLE_LOG_NONE,
    ]);
    $server->on('request', static function (Request $request, Response $response): void {
        $size = (int) $request->get['size'];
        for ($piece = 0; $piece < 4; $piece++) {
            $response->write(str_repeat((string) $piece, $size));
            // The client says by this file that it has it.
            $file = "{$request->get['file']}.$piece";
            for ($turn = 0; $turn < 300 && !file_exists($file); $turn++) {
                usleep(10_000);
                clearstatcache();
            }
            if (!@unlink($file)) {
                $response->end('-- late');
                return;
            }
        }
        $response->end('-- the end');
    });
    $server->start();
    PHP;
$file = tempnam(sys_get_temp_dir(), 'steelwool');
foreach ([[SWOOLE_PROCESS, ''], [SWOOLE_PROCESS, '1'], [SWOOLE_BASE, '']] as [$mode, $coroutines]) {
    $server = ServerProcess::start($script, env: ['MODE' => (string) $mode, 'COROUTINES' => $coroutines]);
    foreach ([10, 100_000] as $size) {
        if ($coroutines && $size > 10) {
            // A coroutine waits in write() until the client has taken enough.
            continue;
        }
        $socket = connect_to($server->port);
        fwrite($socket, request_bytes("/?size=$size&file=" . urlencode($file)));
        $text = '';
        $piece = 0;
        while (!str_contains($text, '-- ') && !feof($socket)) {
            $text .= fread($socket, 1 << 16);
            while (substr_count($text, (string) $piece) >= $size && $piece < 4 && str_contains($text, str_repeat((string) $piece, 10))) {
                touch("$file." . $piece++);
            }
        }
        echo "mode $mode", $coroutines ? ', coroutines' : '', ", pieces of $size: $piece ", strstr($text, '-- ', false) ? strtok(strstr($text, '-- '), "\r") : '', "\n";
    }
    $server->stop();
}
unlink($file);
--EXPECT--
mode 2, pieces of 10: 4 -- the end
mode 2, pieces of 100000: 4 -- the end
mode 2, coroutines, pieces of 10: 4 -- the end
mode 1, pieces of 10: 4 -- the end
mode 1, pieces of 100000: 4 -- the end
