--TEST--
Redis\Server: commands whole, in pieces and several at once, in both modes, in coroutines and without; what is no command
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    use Swoole\Redis\Server;
    $server = new Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
    $server->set(['worker_num' => 1, 'enable_coroutine' => (bool) getenv('COROUTINES'), 'package_max_length' => 100_000, 'display_errors' => false]);
    $data = [];
    $server->setHandler('SET', static function (int $fd, array $arguments) use ($server, &$data): void {
        $data[$arguments[0]] = $arguments[1];
        $server->send($fd, Server::format(Server::STATUS));
    });
    $server->setHandler('get', static function (int $fd, array $arguments) use (&$data): string {
        $value = $data[$arguments[0]] ?? null;
        return Server::format($value === null ? Server::NIL : Server::STRING, $value);
    });
    $server->setHandler('show', static fn (int $fd, array $arguments): string => Server::format(Server::STATUS, json_encode($arguments)));
    $server->setHandler('throw', static fn () => throw new Exception('from a handler'));
    $server->start();
    PHP;

function command(string ...$parts): string
{
    return '*' . count($parts) . "\r\n" . implode('', array_map(static fn ($part) => '$' . strlen($part) . "\r\n$part\r\n", $parts));
}

/** What comes until it ends with `$end`, or the peer closes. */
function reply($socket, string $end = "\n"): string
{
    $reply = '';
    while (!str_ends_with($reply, $end)) {
        $part = fread($socket, 65536);
        if ($part === '' || $part === false) {
            return strtr($reply, ["\r\n" => '|']) . (feof($socket) ? 'closed' : 'nothing');
        }
        $reply .= $part;
    }
    return strtr($reply, ["\r\n" => '|']);
}

foreach ([['1', '1'], ['1', ''], ['2', '1']] as [$mode, $coroutines]) {
    echo "-- mode $mode", $coroutines === '' ? ', without coroutines' : '', "\n";
    $server = ServerProcess::start($code, env: ['MODE' => $mode, 'COROUTINES' => $coroutines]);
    $socket = connect_to($server->port, 20);
    $say = static function (string $bytes, string $end = "\n") use ($socket): void {
        fwrite($socket, $bytes);
        echo reply($socket, $end), "\n";
    };
    $say(command('set', 'k', "v\r\n*1"));
    $say(command('GET', 'k'), "*1\r\n");
    $say(command('Get', 'none'));
    foreach (str_split(command('show', 'in', '', 'pieces'), 3) as $piece) {
        fwrite($socket, $piece);
        fflush($socket);
    }
    echo reply($socket), "\n";
    $say("*4\r\n$4\r\nshow\r\n$-1\r\n:-5\r\n$1\r\na\r\n");
    $say(command('show', '1') . "*0\r\n" . command('show', '2') . command('show', '3') . command('get', 'k'), "*1\r\n");
    $say(command("no\nne"));
    $long = str_repeat('long', 20_000);
    $say(command('set', 'long', $long));
    fwrite($socket, command('get', 'long'));
    echo reply($socket, "g\r\n") === '$80000|' . $long . '|' ? "long\n" : "wrong\n";
    $refused = ["GET k\r\n", "*1\r\n+x\r\n", command('set', str_repeat('x', 100_000)), "*1000000\r\n", ":1\r\n", "*1\r\n:1\r\n", command(str_repeat('x', 64)), command('throw')];
    foreach ($refused as $bytes) {
        $other = connect_to($server->port, 20);
        // it may be closed before all is written
        @fwrite($other, $bytes);
        echo reply($other), "\n";
    }
    $say(command('show', 'still there'));
    fclose($socket);
    $output = $server->stop();
    echo implode("\n", array_unique(preg_replace('/^.*?(WARNING|redis::|command|Uncaught)/', '$1', preg_grep('/WARNING|command|Uncaught/', explode("\n", trim($output)))))), "\n";
}
?>
--EXPECTF--
-- mode 1
+OK|
$5|v|*1|
$-1|
+["in","","pieces"]|
+[null,-5,"a"]|
+["1"]|+["2"]|+["3"]|$5|v|*1|
-ERR unknown command 'no ne'|
+OK|
long
closed
closed
closed
closed
closed
-ERR Protocol error: expected a command|
closed
closed
+["still there"]|
WARNING	redis::recv_packet(): redis protocol error
WARNING	redis::recv_packet(): Package is too big. package_length=100024
WARNING	redis::recv_packet(): Package is too big. package_length=4000010
command [xxxxxxxx...](length=64) is too long in %s
Uncaught Exception: from a handler in %s
-- mode 1, without coroutines
+OK|
$5|v|*1|
$-1|
+["in","","pieces"]|
+[null,-5,"a"]|
+["1"]|+["2"]|+["3"]|$5|v|*1|
-ERR unknown command 'no ne'|
+OK|
long
closed
closed
closed
closed
closed
-ERR Protocol error: expected a command|
closed
closed
+["still there"]|
WARNING	redis::recv_packet(): redis protocol error
WARNING	redis::recv_packet(): Package is too big. package_length=100024
WARNING	redis::recv_packet(): Package is too big. package_length=4000010
command [xxxxxxxx...](length=64) is too long in %s
Uncaught Exception: from a handler in %s
-- mode 2
+OK|
$5|v|*1|
$-1|
+["in","","pieces"]|
+[null,-5,"a"]|
+["1"]|+["2"]|+["3"]|$5|v|*1|
-ERR unknown command 'no ne'|
+OK|
long
closed
closed
closed
closed
closed
-ERR Protocol error: expected a command|
closed
closed
+["still there"]|
WARNING	redis::recv_packet(): redis protocol error
WARNING	redis::recv_packet(): Package is too big. package_length=100024
WARNING	redis::recv_packet(): Package is too big. package_length=4000010
command [xxxxxxxx...](length=64) is too long in %s
Uncaught Exception: from a handler in %s
