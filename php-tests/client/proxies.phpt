--TEST--
clients reach their target through SOCKS5 and HTTP proxies
--FILE--
<?php
use Swoole\Coroutine as Co;
use Swoole\Coroutine\Client;
use Swoole\Coroutine\Socket;
use Swoole\Event;

$listener = new Socket(AF_INET, SOCK_STREAM, 0);
$listener->bind('127.0.0.1', 0);
$listener->listen();
$port = $listener->getsockname()['port'];

/** A proxy for one connection: what it says, answer by answer, to what it hears. */
function proxy(array $answers): void
{
    Co\go(function () use ($answers) {
        global $listener;
        $socket = $listener->accept();
        foreach ($answers as $answer) {
            $heard = $socket->recv();
            echo strlen($heard) < 40 ? bin2hex($heard) : $heard, "\n";
            $socket->send($answer);
        }
        Co::sleep(0.02);
    });
}

const SOCKS = ["\5\0", "\5\0\0\1\0\0\0\0\0\0hello"];
const SOCKS_USER = ["\5\2", "\1\0", "\5\0\0\3\4name\0\0hello"];
const HTTP = ["HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\nhello"];
$socks = ['socks5_host' => '127.0.0.1', 'socks5_port' => $port];
$user = $socks + ['socks5_username' => 'me', 'socks5_password' => 'secret'];
$http = ['http_proxy_host' => '127.0.0.1', 'http_proxy_port' => $port, 'http_proxy_user' => 'me', 'http_proxy_password' => 'secret'];

foreach ([[$socks, SOCKS], [$user, SOCKS_USER], [$http, HTTP], [$socks, ["\5\xff"]], [$user, ["\5\2", "\1\1"]], [$socks, ["\5\0", "\5\5\0"]], [$http, ["HTTP/1.1 403 No\r\n\r\n"]]] as [$settings, $answers]) {
    Co\run(function () use ($settings, $answers) {
        proxy($answers);
        $client = new Client(SWOOLE_SOCK_TCP);
        $client->set($settings);
        var_dump($client->connect('example.test', 8080, 1) ? $client->recv() : $client->errCode);
    });
}

echo "the loop's own client\n";
foreach ([[$user, SOCKS_USER], [$http, HTTP], [$http, ["HTTP/1.1 403 No\r\n\r\n"]]] as [$settings, $answers]) {
    proxy($answers);
    $client = new Swoole\Async\Client(SWOOLE_SOCK_TCP);
    $client->set($settings);
    $client->on('connect', fn () => print("connect\n"));
    $client->on('receive', fn ($client, $data) => var_dump($data, $client->close()));
    $client->on('close', fn () => print("close\n"));
    $client->on('error', fn ($client) => print("error $client->errCode\n"));
    $client->connect('example.test', 8080, 1);
    Event::wait();
}
?>
--EXPECTF--
050100
050100030c6578616d706c652e746573741f90
string(5) "hello"
050102
01026d6506736563726574
050100030c6578616d706c652e746573741f90
string(5) "hello"
CONNECT example.test:8080 HTTP/1.1
Host: example.test:8080
User-Agent: Swoole/6.2.2
Proxy-Connection: Keep-Alive
Proxy-Authorization: Basic bWU6c2VjcmV0


string(5) "hello"
050100
[%s]	NOTICE	Socks5Proxy::handshake() (ERRNO 7002): SOCKS authentication method is not supported
int(7005)
050102
01026d6506736563726574
[%s]	NOTICE	Socks5Proxy::handshake() (ERRNO 7003): SOCKS username/password authentication failed
int(7005)
050100
050100030c6578616d706c652e746573741f90
[%s]	NOTICE	Socks5Proxy::handshake() (ERRNO 7004): Socks5 server error, reason :Connection refused by destination host
int(7005)
CONNECT example.test:8080 HTTP/1.1
Host: example.test:8080
User-Agent: Swoole/6.2.2
Proxy-Connection: Keep-Alive
Proxy-Authorization: Basic bWU6c2VjcmV0


int(7103)
the loop's own client
050102
01026d6506736563726574
050100030c6578616d706c652e746573741f90
connect
close
string(5) "hello"
bool(true)
CONNECT example.test:8080 HTTP/1.1
Host: example.test:8080
User-Agent: Swoole/6.2.2
Proxy-Connection: Keep-Alive
Proxy-Authorization: Basic bWU6c2VjcmV0


connect
close
string(5) "hello"
bool(true)
CONNECT example.test:8080 HTTP/1.1
Host: example.test:8080
User-Agent: Swoole/6.2.2
Proxy-Connection: Keep-Alive
Proxy-Authorization: Basic bWU6c2VjcmV0


error 7103
