--TEST--
WebSocket\Server over HTTP/2 (RFC 8441): each stream is a connection of its own to PHP, beside others and requests, and ends with what it runs over
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/RawHttp2.php';

$code = <<<'PHP'
    use Swoole\WebSocket\Server;
    $mode = (int) getenv('MODE');
    $server = new Server('127.0.0.1', (int) getenv('PORT'), $mode);
    $server->set(['worker_num' => $mode, 'open_http2_protocol' => true, 'log_level' => SWOOLE_LOG_NONE]);
    $server->on('connect', static function (Server $server, int $fd): void {
        $server->getClientInfo($fd) or print("connect without a connection\n");
    });
    $server->on('open', static function (Server $server, $request): void {
        $said = [$request->server['request_method'], $request->server['server_protocol'], $request->header['upgrade']];
        $server->push($request->fd, implode(' ', $said) . " $request->fd");
    });
    $server->on('message', static function (Server $server, $frame): void {
        [$word, $rest] = explode(' ', "$frame->data ", 2);
        $rest = rtrim($rest);
        match ($word) {
            'others' => $server->push($frame->fd, implode(' ', array_map(static fn (string $fd): string => $server->isEstablished((int) $fd)
                && $server->exists((int) $fd) && in_array((int) $fd, iterator_to_array($server->connections, false), true) ? 'yes' : 'no', explode(' ', $rest)))),
            'info' => $server->push($frame->fd, implode(' ', [
                $server->getClientInfo($frame->fd)['websocket_status'],
                (int) ($server->getClientInfo($frame->fd)['remote_port'] === $server->getClientInfo((int) $rest)['remote_port']),
            ])),
            'tell' => array_map(static fn (string $fd): bool => $server->push((int) $fd, 'told'), explode(' ', $rest)),
            'disconnect' => $server->disconnect($frame->fd, 4001, 'so'),
            'close' => $server->close((int) $rest ?: $frame->fd),
            'crash' => posix_kill(getmypid(), SIGKILL),
            default => $server->push($frame->fd, "$frame->data!"),
        };
    });
    $server->on('request', static fn ($request, $response) => $response->end("fd $request->fd"));
    $server->on('close', static function (Server $server, int $fd): void {
        echo "close $fd\n";
    });
    $server->on('disconnect', static function (Server $server, int $fd): void {
        echo "disconnect $fd\n";
    });
    $server->start();
    PHP;

/** Opens a WebSocket, and says its number. */
function opened(RawHttp2 $client, int $stream): int
{
    $client->connect($stream, '/chat');
    echo $client->next($stream), "\n", preg_replace('/data \w+|\d+$/', '', $said = $client->next($stream)), "\n";
    return (int) substr($said, strrpos($said, ' ') + 1);
}

foreach ([1, 2] as $mode) {
    echo "-- mode $mode\n";
    $server = ServerProcess::start($code, env: ['MODE' => (string) $mode]);
    $closes = static fn (string $how, int ...$numbers) => array_map(
        static fn (int $fd) => $server->waitForOutput("$how $fd\n", 30) or print("no $how of $fd\n"), $numbers);
    $client = new RawHttp2($server->port);
    echo 'SETTINGS_ENABLE_CONNECT_PROTOCOL ', $client->settings[8] ?? 'missing', "\n";
    $one = opened($client, 1);
    $two = opened($client, 3);
    $client->request(5, [':method' => 'GET', ':scheme' => 'http', ':path' => '/no', ':authority' => 'test'], true);
    echo $client->next(5), "\n";
    preg_match("/(\\d+), end/", $client->next(5), $found);
    $parent = (int) $found[1];
    echo 'three numbers: ', count(array_unique([$one, $two, $parent])), "\n";
    echo $client->say(1, "others $one $two"), "\n", $client->say(1, "others $parent"), "\n";
    echo $client->say(1, "info $parent"), "\n";
    echo "one tells two, and each its own\n";
    $client->send(0, 0, 1, masked("tell $one $two"));
    echo $client->next(1), ' ', $client->next(3), "\n";
    echo "a client that closes\n";
    $client->send(0, 0, 1, masked("\x03\xe8", 0x88));
    echo substr($client->next(1), 0, 12), ' ', $client->next(1), "\n";
    $client->send(0, 1, 1, '');
    $closes('close', $one);
    echo $client->say(3, 'still there'), "\n";
    echo "a server that disconnects, and one that closes\n";
    $one = opened($client, 7);
    echo preg_replace('/[^\w:, ]/', '.', $client->say(7, 'disconnect')), ' ', $client->next(7), "\n";
    $client->send(0, 1, 7, '');
    $closes('disconnect', $one);
    $one = opened($client, 9);
    echo $client->say(9, 'close'), "\n";
    $client->send(0, 1, 9, '');
    $closes('close', $one);
    echo "a client that resets\n";
    $one = opened($client, 11);
    $client->send(3, 0, 11, pack('N', 8));
    $closes('close', $one);
    echo "workers are replaced, and die\n";
    if ($mode === 2) {
        $server->send(SIGUSR1);
        echo $client->say(3, 'reloaded'), "\n";
        $client->send(0, 0, 3, masked('crash'));
        echo $client->say(3, 'dead'), "\n";
    }
    echo "a server that closes what it runs over\n";
    $one = opened($client, 13);
    $client->send(0, 0, 13, masked("close $parent"));
    $seen = [$client->next(13), $client->next(3)];
    echo implode("\n", $seen), "\n";
    $client->send(0, 1, 13, '');
    $client->send(0, 1, 3, '');
    $closes('close', $one, $two);
    $closes('disconnect', $parent);
    echo "a client that goes\n";
    $client = new RawHttp2($server->port);
    $one = opened($client, 1);
    $two = opened($client, 3);
    unset($client);
    $closes('close', $one, $two);
    echo "what is none\n";
    $client = new RawHttp2($server->port);
    $client->connect(1, '/', more: ['sec-websocket-version' => '12']);
    echo $client->next(1), "\n";
    $server->waitForOutput('disconnect', 30) or print("no disconnect\n");
    echo substr_count($server->stop(), 'without'), "\n";
}
?>
--EXPECT--
-- mode 1
SETTINGS_ENABLE_CONNECT_PROTOCOL 1
1: status 200
1:  GET HTTP/2 websocket 
3: status 200
3:  GET HTTP/2 websocket 
5: status 200
three numbers: 3
1: data 8107 yes yes
1: data 8102 no
1: data 8103 3 1
one tells two, and each its own
1: data 8104 told 3: data 8104 told
a client that closes
1: data 8802 1: data , end
3: data 810c still there!
a server that disconnects, and one that closes
7: status 200
7:  GET HTTP/2 websocket 
7: data 8804 ..so 7: data , end
9: status 200
9:  GET HTTP/2 websocket 
9: data , end
a client that resets
11: status 200
11:  GET HTTP/2 websocket 
workers are replaced, and die
a server that closes what it runs over
13: status 200
13:  GET HTTP/2 websocket 
13: data , end
3: data , end
a client that goes
1: status 200
1:  GET HTTP/2 websocket 
3: status 200
3:  GET HTTP/2 websocket 
what is none
1: status 426, end
0
-- mode 2
SETTINGS_ENABLE_CONNECT_PROTOCOL 1
1: status 200
1:  GET HTTP/2 websocket 
3: status 200
3:  GET HTTP/2 websocket 
5: status 200
three numbers: 3
1: data 8107 yes yes
1: data 8102 no
1: data 8103 3 1
one tells two, and each its own
1: data 8104 told 3: data 8104 told
a client that closes
1: data 8802 1: data , end
3: data 810c still there!
a server that disconnects, and one that closes
7: status 200
7:  GET HTTP/2 websocket 
7: data 8804 ..so 7: data , end
9: status 200
9:  GET HTTP/2 websocket 
9: data , end
a client that resets
11: status 200
11:  GET HTTP/2 websocket 
workers are replaced, and die
3: data 8109 reloaded!
3: data 8105 dead!
a server that closes what it runs over
13: status 200
13:  GET HTTP/2 websocket 
13: data , end
3: data , end
a client that goes
1: status 200
1:  GET HTTP/2 websocket 
3: status 200
3:  GET HTTP/2 websocket 
what is none
1: status 426, end
0
