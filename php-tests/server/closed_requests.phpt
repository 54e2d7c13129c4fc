--TEST--
Server::close() in a handler of request, SWOOLE_BASE: no reply unless one was given before
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    $server = new Swoole\Http\Server('127.0.0.1', (int) getenv('PORT'), (int) getenv('MODE'));
    $server->set(['worker_num' => 1, 'log_level' => SWOOLE_LOG_ERROR, 'enable_coroutine' => (bool) getenv('COROUTINES')]);
    $server->on('request', static function ($request, $response) use ($server): void {
        $what = $request->server['request_uri'];
        if ($what === '/answered') {
            $response->end('all of it');
        } elseif ($what === '/begun') {
            $response->write('a part');
        }
        if ($what !== '/open') {
            $server->close($request->fd);
        }
        if ($what === '/late') {
            @$response->end('too late');
        } elseif ($what === '/open') {
            $response->end('open');
        }
    });
    $server->start();
    PHP;
foreach ([['1', '1'], ['1', '']] as [$mode, $coroutines]) {
    echo "-- mode $mode", $coroutines === '' ? ', without coroutines' : '', "\n";
    $server = ServerProcess::start($code, env: ['MODE' => $mode, 'COROUTINES' => $coroutines]);
    foreach (['/silent', '/late', '/answered', '/begun', '/open'] as $path) {
        $reply = raw_request($server->port, request_bytes($path, headers: $path === '/open' ? ['Connection' => 'close'] : []), 20);
        [$head, $body] = explode("\r\n\r\n", $reply, 2) + [1 => ''];
        echo $path, ': ', $reply === '' ? 'nothing' : substr($head, 9, 3) . ' ' . json_encode(str_starts_with($body, "6\r\na part\r\n") ? 'a part' : $body), "\n";
    }
    $server->stop();
}
?>
--EXPECT--
-- mode 1
/silent: nothing
/late: nothing
/answered: 200 "all of it"
/begun: 200 "a part"
/open: 200 "open"
-- mode 1, without coroutines
/silent: nothing
/late: nothing
/answered: 200 "all of it"
/begun: 200 "a part"
/open: 200 "open"
