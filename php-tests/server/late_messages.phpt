--TEST--
Server: discard_timeout_request drops what clients that are gone have sent, where connections do not stay with a worker
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

foreach ([2, 1, 3] as $dispatch) {
    foreach ([true, false] as $discards) {
        foreach (['bytes', 'http'] as $kind) {
            $server = ServerProcess::start(<<<'PHP'
                $class = getenv('KIND') === 'bytes' ? Swoole\Server::class : Swoole\Http\Server::class;
                $server = new $class('127.0.0.1', (int) getenv('PORT'), SWOOLE_PROCESS);
                $server->set(['worker_num' => 1, 'enable_coroutine' => false, 'log_file' => '/dev/null', 'dispatch_mode' => (int) getenv('DISPATCH'),
                    'discard_timeout_request' => getenv('DISCARDS') === '1']
                    + (getenv('KIND') === 'bytes' ? ['open_eof_split' => true, 'package_eof' => "\n"] : []));
                $wait = function (int $number) {
                    echo "$number ";
                    if ($number === 1) {
                        // Until its client has sent more and gone.
                        while (!file_exists(getenv('GONE'))) {
                            usleep(2000);
                        }
                        // The master hears of that.
                        usleep(200_000);
                    }
                };
                $server->on('receive', fn ($server, $fd, $reactor, $data) => $wait((int) $data));
                $server->on('request', function ($request, $response) use ($wait) {
                    $wait((int) substr($request->server['request_uri'], 1));
                    $response->end('done');
                });
                $server->start();
                PHP, env: [
                'KIND' => $kind,
                'DISPATCH' => (string) $dispatch,
                'DISCARDS' => $discards ? '1' : '0',
                'GONE' => $gone = sys_get_temp_dir() . '/steelwool' . getmypid() . ".$dispatch.$kind." . (int) $discards,
            ]);
            $send = fn ($client, $number) => fwrite($client, $kind === 'bytes' ? "$number\n" : "GET /$number HTTP/1.1\r\nHost: x\r\n\r\n");
            $first = connect_to($server->port);
            $send($first, 1);
            $server->waitForOutput('1 ');
            $second = connect_to($server->port);
            $send($second, 2);
            if ($kind === 'bytes') {
                $send($second, 3);
            }
            usleep(50_000);
            fclose($second);
            touch($gone);
            $last = connect_to($server->port);
            $send($last, 4);
            $server->waitForOutput('4 ');
            $server->kill();
            unlink($gone);
            echo "dispatch_mode $dispatch, ", $discards ? 'discards' : 'keeps', ", $kind: ", trim($server->output()), "\n";
        }
    }
}
?>
--EXPECT--
dispatch_mode 2, discards, bytes: 1 2 3 4
dispatch_mode 2, discards, http: 1 2 4
dispatch_mode 2, keeps, bytes: 1 2 3 4
dispatch_mode 2, keeps, http: 1 2 4
dispatch_mode 1, discards, bytes: 1 4
dispatch_mode 1, discards, http: 1 4
dispatch_mode 1, keeps, bytes: 1 2 3 4
dispatch_mode 1, keeps, http: 1 2 4
dispatch_mode 3, discards, bytes: 1 4
dispatch_mode 3, discards, http: 1 4
dispatch_mode 3, keeps, bytes: 1 2 3 4
dispatch_mode 3, keeps, http: 1 2 4
