--TEST--
Requirement 4: each request has its own coroutine and context, and nothing leaks into the next
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    use Swoole\Coroutine;
    Coroutine\run(static function (): void {
        $server = new Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $context = Coroutine::getContext();
            $seen = $context['who'] ?? 'nobody';
            $context['who'] = $request->get['who'];
            Coroutine::sleep(0.05);
            $child = null;
            go(static function () use (&$child): void {
                $child = Coroutine::getPcid() . '/' . (Coroutine::getContext()['who'] ?? 'empty');
            });
            $cid = Coroutine::getCid();
            $response->end("$seen {$context['who']} " . ($child === "$cid/empty" ? 'own' : $child) . " $cid");
        });
        $server->start();
    });
    PHP);
$open = [];
foreach (['a', 'b', 'c', 'd'] as $who) {
    $open[$who] = connect_to($server->port);
    fwrite($open[$who], request_bytes("/?who=$who"));
}
$ids = [];
foreach ($open as $who => $socket) {
    $body = read_response($socket)['body'];
    echo substr($body, 0, strrpos($body, ' ')), "\n";
    $ids[] = substr($body, strrpos($body, ' '));
}
fwrite($open['a'], request_bytes('/?who=again'));
$body = read_response($open['a'])['body'];
echo substr($body, 0, strrpos($body, ' ')), "\n";
var_dump(count(array_unique($ids)));
--EXPECT--
nobody a own
nobody b own
nobody c own
nobody d own
nobody again own
int(4)
