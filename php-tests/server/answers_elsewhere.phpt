--TEST--
Http\Response: create() answers requests of other processes, in both modes
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    use Swoole\Http\{Request, Response, Server};

    $server = new Server('127.0.0.1', (int) $argv[1], getenv('MODE') === 'base' ? SWOOLE_BASE : SWOOLE_PROCESS);
    $server->set([
        'worker_num' => 2,
        'task_worker_num' => 1,
        'task_enable_coroutine' => getenv('COROUTINES') === 'yes',
        'log_level' => SWOOLE_LOG_ERROR,
    ]);
    $answer = function (string $how, int $fd) use ($server) {
        $response = $how === 'server' ? Response::create($server, $fd) : Response::create($fd);
        switch ($how) {
            case 'nothing':
                return;
            case 'file':
                return $response->sendfile(__FILE__);
            case 'large':
                return $response->end(str_repeat('x', 3_000_000));
            case 'pieces':
                foreach (range(1, 40) as $number) {
                    $response->write(str_repeat(chr(64 + $number), 50_000));
                }
                return $response->end('last');
        }
        $response->status(201);
        $response->header('X-Worker', (string) $server->worker_id);
        $first = $response->isWritable();
        $ended = $response->end("by $how");
        print(json_encode([$response->fd === $fd, $first, $ended, $response->isWritable(), $response->end('again')]) . "\n");
    };
    $server->on('task', function ($server, $task) use ($answer) {
        [$how, $fd] = is_object($task) ? $task->data : func_get_arg(3);
        $answer($how, $fd);
    });
    $server->on('pipeMessage', fn ($server, $from, $message) => $answer(...$message));
    $server->on('request', function ($request, $response) use ($server) {
        $how = substr($request->server['path_info'], 1);
        if ($how === 'hello') {
            return $response->end('hello');
        }
        if ($how === 'timeout') {
            // Nobody has detached the answer: the first one counts.
            $fd = $request->fd;
            $given = false;
            Swoole\Timer::after(1, function () use ($fd, &$given) {
                Response::create($fd)->end('timed out');
                $given = true;
            });
            while (!$given) {
                Co::sleep(0.01);
            }
            return $response->end('too late');
        }
        $response->detach();
        if ($how === 'worker') {
            return $server->sendMessage([$how, $request->fd], 1 - $server->worker_id);
        }
        $server->task([$how, $response->fd]);
    });
    $server->start();
    PHP;
foreach (['base no', 'base yes', 'process no', 'process yes'] as $kind) {
    [$mode, $coroutines] = explode(' ', $kind);
    $server = ServerProcess::start($script, env: ['MODE' => $mode, 'COROUTINES' => $coroutines]);
    echo "--- $kind\n";
    // One connection for all of them: none must leave it out of step.
    $socket = connect_to($server->port, 20);
    foreach (['hello', 'task', 'server', 'worker', 'large', 'pieces', 'file', 'timeout', 'nothing', 'hello'] as $how) {
        fwrite($socket, request_bytes("/$how"));
        $reply = read_response($socket);
        $body = strlen($reply['body'] ?? '') > 100 ? strlen($reply['body']) . ' ' . md5($reply['body']) : $reply['body'] ?? 'none';
        $body = $how === 'file' && $reply['body'] === $script ? 'the file' : $body;
        echo "$how: {$reply['status']} $body\n";
    }
    echo implode(array_unique(explode("\n", $server->stop()))), "\n";
}
?>
--EXPECT--
--- base no
hello: 200 hello
task: 201 by task
server: 201 by server
worker: 201 by worker
large: 200 3000000 8e32e22642bddc89698e25a4e9bf528b
pieces: 200 2000004 39b3a60bb004dbe0974d9a958d1e1885
file: 200 the file
timeout: 200 timed out
nothing: 500 
hello: 200 hello
[true,true,true,false,false]
--- base yes
hello: 200 hello
task: 201 by task
server: 201 by server
worker: 201 by worker
large: 200 3000000 8e32e22642bddc89698e25a4e9bf528b
pieces: 200 2000004 39b3a60bb004dbe0974d9a958d1e1885
file: 200 the file
timeout: 200 timed out
nothing: 500 
hello: 200 hello
[true,true,true,false,false]
--- process no
hello: 200 hello
task: 201 by task
server: 201 by server
worker: 201 by worker
large: 200 3000000 8e32e22642bddc89698e25a4e9bf528b
pieces: 200 2000004 39b3a60bb004dbe0974d9a958d1e1885
file: 200 the file
timeout: 200 timed out
nothing: 500 
hello: 200 hello
[true,true,true,false,false]
--- process yes
hello: 200 hello
task: 201 by task
server: 201 by server
worker: 201 by worker
large: 200 3000000 8e32e22642bddc89698e25a4e9bf528b
pieces: 200 2000004 39b3a60bb004dbe0974d9a958d1e1885
file: 200 the file
timeout: 200 timed out
nothing: 500 
hello: 200 hello
[true,true,true,false,false]
