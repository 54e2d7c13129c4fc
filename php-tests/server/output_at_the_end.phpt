--TEST--
Server: a client that reads slowly gets all that was sent to it when its worker or the server ends
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/tls_files.php';

const TOTAL = 3 << 19;

$script = <<<'PHP'
    [, $port, $mode, $workers, $what, $protocol, $tls] = $argv;
    $class = $protocol === 'http' ? Swoole\Http\Server::class : Swoole\Server::class;
    $mode = $mode === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS;
    $server = new $class('127.0.0.1', (int) $port, $mode, SWOOLE_SOCK_TCP | ($tls === '' ? 0 : SWOOLE_SSL));
    $server->set(['worker_num' => (int) $workers, 'socket_buffer_size' => 8 << 20, 'output_buffer_size' => 8 << 20,
        'max_wait_time' => 20, 'kernel_socket_send_buffer_size' => 1 << 16, 'log_file' => '/dev/null', 'http_compression' => false]
        + ($what === 'max_request' ? ['max_request' => 1] : [])
        + ($tls === '' ? [] : ['ssl_cert_file' => "$tls/cert.pem", 'ssl_key_file' => "$tls/key.pem"]));
    $end = function () use ($server, $what) {
        match ($what) {
            'SIGTERM' => posix_kill($server->manager_pid ?: $server->master_pid, SIGTERM),
            'shutdown' => $server->shutdown(),
            'reload' => $server->reload(),
            'stop' => $server->stop(),
            'max_request' => null,
        };
    };
    $server->on('receive', function ($server, $fd) use ($end) {
        $server->send($fd, str_repeat('0123456789abcdef', TOTAL / 16));
        $end();
    });
    $server->on('request', function ($request, $response) use ($end) {
        $response->end(str_repeat('0123456789abcdef', TOTAL / 16));
        $end();
    });
    $server->on('workerExit', fn () => print("waits\n"));
    $server->on('workerStop', fn () => print("stops\n"));
    $server->start();
    PHP;
$script = str_replace('TOTAL', (string) TOTAL, $script);
$folder = tls_files();

function measure(string $script, string $folder, string $what, string $mode, int $workers, string $protocol, bool $tls): void
{
    $port = free_port();
    $command = [...php_command(), script_file($script), $port, $mode, $workers, $what, $protocol, $tls ? $folder : ''];
    $log = tempnam(sys_get_temp_dir(), 'steelwool');
    $process = proc_open(array_map(strval(...), $command), [['file', '/dev/null', 'r'], ['file', $log, 'w'], ['redirect', 1]], $pipes);
    wait_for_port($port);
    $context = stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]]);
    $client = stream_socket_client(($tls ? 'tls' : 'tcp') . "://127.0.0.1:$port", $errno, $error, 20, STREAM_CLIENT_CONNECT, $context);
    stream_set_timeout($client, 20);
    fwrite($client, $protocol === 'http' ? "GET / HTTP/1.1\r\nHost: x\r\n\r\n" : 'go');
    $end = microtime(true) + 2;
    while (!str_contains(file_get_contents($log), 'waits') && microtime(true) < $end) {
        usleep(10_000);
        if ($mode === 'process' && microtime(true) > $end - 1.5) {
            break;
        }
    }
    usleep(100_000);
    $body = '';
    if ($protocol === 'http') {
        while (rtrim(fgets($client) ?: '') !== '');
    }
    while (strlen($body) < TOTAL && !in_array($part = fread($client, 1 << 16), ['', false], true)) {
        $body .= $part;
        usleep(1000);
    }
    $got = strlen($body);
    $right = md5($body) === md5(str_repeat('0123456789abcdef', TOTAL / 16));
    printf("%s of %s, %d workers, %s%s: %s\n", $what, $mode, $workers, $protocol, $tls ? ' with TLS' : '', $right ? 'all read' : "$got bytes");
    fclose($client);
    proc_terminate($process);
    $end = microtime(true) + 3;
    while (proc_get_status($process)['running'] && microtime(true) < $end) {
        usleep(10_000);
    }
    proc_terminate($process, SIGKILL);
    unlink($log);
}
foreach ([false, true] as $tls) {
    measure($script, $folder, 'SIGTERM', 'base', 1, 'tcp', $tls);
    foreach (['SIGTERM', 'shutdown', 'reload', 'stop', 'max_request'] as $what) {
        measure($script, $folder, $what, 'base', 2, 'tcp', $tls);
    }
    measure($script, $folder, 'SIGTERM', 'process', 1, 'tcp', $tls);
    foreach ([['base', 1], ['base', 2], ['process', 1]] as [$mode, $workers]) {
        measure($script, $folder, 'SIGTERM', $mode, $workers, 'http', $tls);
    }
}
?>
--EXPECT--
SIGTERM of base, 1 workers, tcp: all read
SIGTERM of base, 2 workers, tcp: all read
shutdown of base, 2 workers, tcp: all read
reload of base, 2 workers, tcp: all read
stop of base, 2 workers, tcp: all read
max_request of base, 2 workers, tcp: all read
SIGTERM of process, 1 workers, tcp: all read
SIGTERM of base, 1 workers, http: all read
SIGTERM of base, 2 workers, http: all read
SIGTERM of process, 1 workers, http: all read
SIGTERM of base, 1 workers, tcp with TLS: all read
SIGTERM of base, 2 workers, tcp with TLS: all read
shutdown of base, 2 workers, tcp with TLS: all read
reload of base, 2 workers, tcp with TLS: all read
stop of base, 2 workers, tcp with TLS: all read
max_request of base, 2 workers, tcp with TLS: all read
SIGTERM of process, 1 workers, tcp with TLS: all read
SIGTERM of base, 1 workers, http with TLS: all read
SIGTERM of base, 2 workers, http with TLS: all read
SIGTERM of process, 1 workers, http with TLS: all read
