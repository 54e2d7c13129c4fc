--TEST--
Names of headers that are constants of the script mean the same in the first request and in the third
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

const NAMES = ['x-CONSTANT', 'X-Constant', 'x_under-score', 'content-type', 'SERVER', 'connection', 'DATE', '404', 'content-length'];

Co\run(function () {
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1', 0);
    $server->handle('/', function ($request, $response) {
        foreach (NAMES as $name) {
            if ($name !== 'connection') {
                $response->header($name, $name === 'content-length' ? '4' : "of $name");
            }
        }
        $response->header('x-as-it-is', ['one'], false);
        $response->header('x-two', ['one', 'two ', null, 3]);
        $response->header('x-none', []);
        $response->header('x-empty', '');
        $response->header('x-empty-list', ['']);
        // no constant: it is known by its letters only
        $response->header(strtolower('X-MADE-') . $request->get['n'], true);
        $response->end('body');
    });
    $server->handle('/bad', function ($request, $response) {
        set_error_handler(fn (int $level, string $text) => print("$text\n"));
        $response->header('two words', 'a');
        $response->header("a\r\nb", 'a');
        $response->header('', 'a');
        $response->header('x-line', ["a\r\nb"]);
        $response->header('server', '');
        $response->end('body');
        restore_error_handler();
    });
    go(fn () => $server->start());
    $client = new Swoole\Coroutine\Client(SWOOLE_SOCK_TCP);
    $client->connect('127.0.0.1', $server->port);
    $ask = function (string $path) use ($client): string {
        $client->send("GET $path HTTP/1.1\r\nHost: a\r\n\r\n");
        $text = '';
        while (!str_ends_with($text, "\r\n\r\nbody")) {
            $text .= $client->recv(30);
        }
        return $text;
    };
    $replies = array_map(fn (int $n) => str_replace("Made-$n", 'Made-N', $ask("/?n=$n")), range(1, 3));
    echo str_replace("\r\n", "\n", $replies[0]), "\n";
    var_dump(count(array_unique($replies)));
    $replies = array_map(fn () => preg_replace('/^Date: .*\r\n/m', '', $ask('/bad')), range(1, 3));
    echo str_replace("\r\n", "\n", $replies[0]), "\n";
    var_dump(count(array_unique($replies)));
    $client->close();
    $server->shutdown();
});
?>
--EXPECT--
HTTP/1.1 200 OK
X-Constant: of X-Constant
X_under-Score: of x_under-score
Content-Type: of content-type
Server: of SERVER
Date: of DATE
404: of 404
Content-Length: 4
x-as-it-is: one
X-Two: one
X-Two: two
X-Two: 3
X-Empty: 
X-Empty-List: 
X-Made-N: 1
Connection: keep-alive

body
int(1)
Swoole\Http\Response::header(): Header may not contain more than a single header, new line detected
Swoole\Http\Response::end(): Header name "Two words" is not valid
Swoole\Http\Response::end(): Header name "" is not valid
Swoole\Http\Response::end(): Header may not contain more than a single header, new line detected
Swoole\Http\Response::header(): Header may not contain more than a single header, new line detected
Swoole\Http\Response::end(): Header name "Two words" is not valid
Swoole\Http\Response::end(): Header name "" is not valid
Swoole\Http\Response::end(): Header may not contain more than a single header, new line detected
Swoole\Http\Response::header(): Header may not contain more than a single header, new line detected
Swoole\Http\Response::end(): Header name "Two words" is not valid
Swoole\Http\Response::end(): Header name "" is not valid
Swoole\Http\Response::end(): Header may not contain more than a single header, new line detected
HTTP/1.1 200 OK
Connection: keep-alive
Content-Type: text/html
Content-Length: 4

body
int(1)
