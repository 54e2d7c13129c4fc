--TEST--
A client that speaks plain HTTP to a port of TLS gets no byte of another protocol, and others are served
--EXTENSIONS--
openssl
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

$folder = certificates();
$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine::set(['log_level' => SWOOLE_LOG_NONE]);
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'), true);
        $server->set(['ssl_cert_file' => getenv('FOLDER') . '/localhost.crt', 'ssl_key_file' => getenv('FOLDER') . '/localhost.key']);
        $server->handle('/', fn ($request, $response) => $response->end('served'));
        $server->start();
    });
    PHP, [], ['FOLDER' => $folder]);
foreach (["GET / HTTP/1.1\r\nHost: a\r\n\r\n", 'x', "\0\0\0"] as $plain) {
    $connection = stream_socket_client("tcp://127.0.0.1:$server->port");
    fwrite($connection, $plain);
    stream_set_timeout($connection, 20);
    var_dump((string) @fread($connection, 100));
}
echo file_get_contents("https://127.0.0.1:$server->port/", false, stream_context_create(['ssl' => ['verify_peer' => false, 'verify_peer_name' => false]])), "\n";
?>
--EXPECT--
string(0) ""
string(0) ""
string(0) ""
served
