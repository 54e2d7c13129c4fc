--TEST--
Server: little is kept for a client that does not read, wherever its connection is, and nothing is lost
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

const TOTAL = 64_000_000;

$script = <<<'PHP'
    <?php
    $server = new Swoole\Server('127.0.0.1', (int) $argv[1], getenv('MODE') === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $coroutines = getenv('KIND') === 'coroutines';
    $server->set(['worker_num' => 1, 'enable_coroutine' => $coroutines, 'socket_buffer_size' => 1 << 20, 'log_level' => SWOOLE_LOG_NONE]);
    $sent = $ahead = 0;
    $error = null;
    $server->on('receive', function ($server, $fd, $reactor, $data) use (&$sent, &$ahead, &$error, $coroutines) {
        if ($data === "state\n") {
            return $server->send($fd, "$sent " . (int) $error . " $ahead\n");
        }
        if ($coroutines && $server->master_pid !== getmypid()) {
            // It is told of nothing that its worker sends, until that has to wait.
            posix_kill($server->master_pid, SIGSTOP);
            Swoole\Timer::after(1, function () use ($server, &$sent, &$ahead) {
                $ahead = $sent;
                posix_kill($server->master_pid, SIGCONT);
            });
        }
        $piece = str_repeat('0123456789', 10_000);
        while ($sent < TOTAL && $server->send($fd, $piece)) {
            $sent += 100_000;
        }
        $error = swoole_last_error();
    });
    $server->start();
    PHP;
$script = str_replace('TOTAL', (string) TOTAL, $script);

foreach (['base', 'process'] as $mode) {
    foreach (['coroutines', 'none'] as $kind) {
        $server = ServerProcess::start($script, env: ['MODE' => $mode, 'KIND' => $kind]);
        $reader = connect_to($server->port, 60);
        fwrite($reader, "go\n");
        $other = connect_to($server->port, 60);
        $sent = -1;
        // Until it has given up, or is stuck: it sends nothing between two looks.
        do {
            usleep(100_000);
            $before = $sent;
            fwrite($other, "state\n");
            [$sent, $error, $ahead] = array_map(intval(...), explode(' ', fgets($other)));
        } while ($kind === 'none' ? $error === 0 : $sent !== $before || $sent === 0);
        // Besides the buffer there are those of the kernel.
        printf("%s, %s: %s", $mode, $kind, $sent < 20_000_000 && $ahead < 2_000_000 ? 'stuck' : "has sent $sent, $ahead at once");
        $expected = $kind === 'none' ? $sent : TOTAL;
        for ($got = 0, $right = true; $got < $expected; $got += strlen($data)) {
            $data = fread($reader, 1 << 16);
            if ($data === '' || $data === false) {
                break;
            }
            $right = $right && $data[0] === (string) ($got % 10);
        }
        printf(", %s%s\n", $got === $expected && $right ? 'all read' : "read $got of $expected", $kind === 'none' ? ", error $error" : '');
    }
}
?>
--EXPECT--
base, coroutines: stuck, all read
base, none: stuck, all read, error 1009
process, coroutines: stuck, all read
process, none: stuck, all read, error 1009
