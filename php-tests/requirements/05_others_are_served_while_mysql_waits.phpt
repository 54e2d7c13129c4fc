--TEST--
Requirement 5: while request A waits on MySQL request B is served by the same worker; A resumes with its own result
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    use Swoole\Coroutine;
    Coroutine\run(static function (): void {
        $server = new Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/slow', static function ($request, $response): void {
            $mysql = @new Coroutine\MySQL();
            $mysql->connect([
                'host' => getenv('STEELWOOL_MYSQL_HOST'),
                'port' => (int) getenv('STEELWOOL_MYSQL_PORT'),
                'user' => getenv('STEELWOOL_MYSQL_USER'),
                'password' => getenv('STEELWOOL_MYSQL_PASSWORD'),
                'database' => getenv('STEELWOOL_MYSQL_DATABASE'),
            ]);
            $name = $request->get['name'];
            $statement = $mysql->prepare('SELECT SLEEP(0.4), ? AS name');
            $response->end(getmypid() . " $name=" . $statement->execute([$name])[0]['name']);
        });
        $server->handle('/', static fn ($request, $response) => $response->end(getmypid() . ' at once'));
        $server->start();
    });
    PHP);
$start = microtime(true);
$waiting = [];
foreach (['a', 'b', 'c', 'd', 'e'] as $name) {
    $waiting[] = $socket = connect_to($server->port);
    fwrite($socket, request_bytes("/slow?name=$name"));
}
$pid = $server->pid();
echo str_replace("$pid", 'the same process:', http_request($server->port)['body']), ', ';
echo microtime(true) - $start < 0.3 ? 'before the others' : 'too late', "\n";
foreach ($waiting as $socket) {
    echo str_replace("$pid", 'the same process:', read_response($socket)['body']), "\n";
}
echo microtime(true) - $start < 1.5 ? 'together' : 'one after the other', "\n";
--EXPECT--
the same process: at once, before the others
the same process: a=a
the same process: b=b
the same process: c=c
the same process: d=d
the same process: e=e
together
