<?php

declare(strict_types=1);

// Many open client connections in one process, all of which ask again and again: memory must not grow.
//
//   php -d extension=target/release/libsteelwool.so -d memory_limit=-1 benches/stress/clients.php [KIND=tcp|http|websocket [CONNECTIONS=10000 [ROUNDS=10]]]
//
// Needs 2 descriptors per connection of the limit (ulimit -n), one in each process. Prints memory of the client's process after each round, and "ok"
// when after the third it has grown by no more than 1 MiB and every answer was the right one; all connections stay the ones that were opened first.

use Swoole\Coroutine;

require __DIR__ . '/../../php-tests/include/bootstrap.php';

[$kind, $count, $rounds] = [$argv[1] ?? 'tcp', (int) ($argv[2] ?? 10000), (int) ($argv[3] ?? 10)];
$server = ServerProcess::start(<<<'PHP'
    $http = getenv('KIND') !== 'tcp';
    $class = $http ? Swoole\WebSocket\Server::class : Swoole\Server::class;
    $server = new $class('127.0.0.1', (int) getenv('PORT'), SWOOLE_BASE);
    $server->set(['worker_num' => 1, 'max_connection' => 1 << 20, 'backlog' => 4096, 'log_file' => '/dev/null']);
    if ($http) {
        $server->on('request', static fn ($request, $response) => $response->end($request->server['request_uri'] . ' ' . $request->fd));
        $server->on('message', static fn ($server, $frame) => $server->push($frame->fd, "$frame->data $frame->fd"));
    } else {
        $server->on('receive', static fn ($server, $fd, $reactor, $data) => $server->send($fd, "$data $fd"));
    }
    $server->start();
    PHP, ['memory_limit' => '-1'], ['KIND' => $kind], 60);
$open = match ($kind) {
    'tcp' => static function () use ($server): Closure {
        $client = new Coroutine\Client(SWOOLE_SOCK_TCP);
        $client->set(['timeout' => 120]);
        $client->connect('127.0.0.1', $server->port) || exit("no connection: $client->errMsg\n");
        return static fn (string $text): string|false => $client->send($text) ? $client->recv() : false;
    },
    'http', 'websocket' => static function () use ($server, $kind): Closure {
        $client = new Coroutine\Http\Client('127.0.0.1', $server->port);
        $client->set(['timeout' => 120]);
        if ($kind === 'http') {
            return static fn (string $text): string|false => $client->get($text) ? $client->body : false;
        }
        $client->upgrade('/') || exit("no connection: $client->errMsg\n");
        return static fn (string $text): string|false => $client->push($text) ? $client->recv()->data ?? false : false;
    },
};
$resident = static fn (): int => (int) explode(' ', file_get_contents('/proc/self/statm'))[1] * 4096;
$wrong = 0;
$sizes = [];
Coroutine\run(static function () use ($open, $count, $rounds, $resident, &$wrong, &$sizes): void {
    $before = $resident();
    $clients = $names = [];
    $gate = new Coroutine\Channel(500);
    for ($round = 0; $round < $rounds; $round++) {
        $group = new Coroutine\WaitGroup();
        for ($n = 0; $n < $count; $n++) {
            $gate->push(true);
            $group->add();
            go(static function () use ($open, $n, $gate, $group, &$clients, &$names, &$wrong): void {
                $clients[$n] ??= $open();
                $answer = explode(' ', (string) $clients[$n]("/$n"));
                // the server's name for the connection tells whether it is still the same one
                $names[$n] ??= $answer[1] ?? '';
                $wrong += (int) ($answer !== ["/$n", $names[$n]]);
                $gate->pop();
                $group->done();
            });
        }
        $group->wait();
        gc_collect_cycles();
        $sizes[] = $resident();
        printf("round %d: %.1f MiB, %d bytes per connection\n", $round + 1, end($sizes) / 2 ** 20, (end($sizes) - $before) / $count);
    }
});
$server->stop();
$grown = max(array_slice($sizes, 3) ?: [0]) - max(array_slice($sizes, 0, 3));
printf("%d wrong answers, grown by %d KiB\n", $wrong, max(0, $grown) >> 10);
$fine = $wrong === 0 && $grown <= 1 << 20;
echo $fine ? "ok\n" : "not ok\n";
exit($fine ? 0 : 1);
