--TEST--
Names of query, form and cookie fields follow PHP's own rules
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $response->end(json_encode([$request->get, $request->post, $request->cookie]));
        });
        $server->start();
    });
    PHP);
$form = ['Content-Type' => 'application/x-www-form-urlencoded; charset=utf-8'];
echo http_request($server->port, '/?a[b][]=1&a[b][]=2&a.b=3&c+d=4&e&f=&=g&5=h&a[x=i', 'POST', $form, 'p[q]=1&p[q]=2&r=%00%ff&')['body'], "\n";
echo http_request($server->port, '/?', 'GET', ['Cookie' => ' a=1;b = 2 ;;=x; c[d]=3;c[e]=4; a=5'])['body'], "\n";
echo http_request($server->port, '/', 'PATCH', $form, 'x=1')['body'], "\n";
echo http_request($server->port, '/', 'GET', $form, 'x=1')['body'], "\n";
--EXPECT--
[null,null,{"a":"1","b_":" 2 ","c":{"d":"3","e":"4"}}]
[null,{"x":"1"},null]
[null,null,null]
