--TEST--
An extension that was never adapted yields as well: php-memcached, through libmemcached
--EXTENSIONS--
memcached
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

// A server that accepts and answers the version question after 0.2 s.
$server = ServerProcess::start(<<<'PHP'
    <?php
    Swoole\Coroutine\run(static function () use ($argv): void {
        $listener = stream_socket_server(
            "tcp://127.0.0.1:$argv[1]",
            context: stream_context_create(['socket' => ['backlog' => 512]]),
        );
        while ($connection = stream_socket_accept($listener, -1)) {
            go(static function () use ($connection): void {
                while (($line = fgets($connection)) !== false) {
                    usleep(200_000);
                    fwrite($connection, str_starts_with($line, 'get') ? "VALUE key 0 5\r\nvalue\r\nEND\r\n" : "ERROR\r\n");
                }
            });
        }
    });
    PHP);
show_concurrency('memcached', static function () use ($server): void {
    $memcached = new Memcached();
    $memcached->addServer('127.0.0.1', $server->port);
    expect($memcached->get('key') === 'value', $memcached->getResultMessage());
}, SWOOLE_HOOK_TCP);

[$service, $port] = Service::memcached();
seconds_of(20, static function (int $i) use ($port): void {
    $memcached = new Memcached();
    $memcached->addServer('127.0.0.1', $port);
    expect($memcached->set("key$i", str_repeat("$i", 1000)), 'set');
    usleep(1000);
    expect($memcached->get("key$i") === str_repeat("$i", 1000), 'get');
});
echo "done\n";
--EXPECT--
memcached: together, in turns without the hook
done
