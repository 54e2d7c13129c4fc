--TEST--
Server: a client's certificate is known to each process, to the successor of a killed worker too, and gone with the connection (SWOOLE_PROCESS)
--EXTENSIONS--
openssl
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/certificates.php';

$folder = certificates();
$server = ServerProcess::start(<<<'PHP'
    [$port, $folder] = [$argv[1], getenv('FOLDER')];
    $server = new Swoole\Server('127.0.0.1', (int) $port, SWOOLE_PROCESS, SWOOLE_SOCK_TCP | SWOOLE_SSL);
    $server->set([
        'worker_num' => 1, 'task_worker_num' => 1, 'log_level' => SWOOLE_LOG_NONE, 'enable_coroutine' => false,
        'open_eof_split' => true, 'package_eof' => "\n",
        'ssl_cert_file' => "$folder/localhost.crt", 'ssl_key_file' => "$folder/localhost.key", 'ssl_client_cert_file' => "$folder/ca.crt",
    ]);
    $certificate = fn (int $fd) => $server->getClientInfo($fd)['ssl_client_cert'] ?? 'none';
    $server->on('task', fn ($server, $task, $from, $fd) => $certificate($fd));
    $server->on('close', fn ($server, $fd) => file_put_contents("$folder/closed", strlen($certificate($fd)) > 100 ? 'shown' : 'not shown'));
    $server->on('receive', function ($server, $fd, $reactor, $data) use ($certificate, $folder) {
        switch (trim($data)) {
            case 'worker':
                return $server->send($fd, base64_encode($certificate($fd)) . "\n");
            case 'task worker':
                return $server->send($fd, base64_encode((string) $server->taskwait($fd, 10)) . "\n");
            case 'memory':
                $memory = 0;
                clearstatcache();
                foreach (glob('/proc/self/fd/*') as $file) {
                    $memory += str_starts_with((string) @readlink($file), '/memfd:') ? stat($file)['blocks'] : 0;
                }
                return $server->send($fd, "$memory\n");
            case 'die':
                touch("$folder/dies");
                while (file_exists("$folder/dies")) {
                    usleep(1000);
                    clearstatcache();
                }
                posix_kill(getmypid(), SIGKILL);
        }
    });
    $server->start();
    PHP, [], ['FOLDER' => $folder]);

function connect(string $folder, bool $shows)
{
    global $server;
    $options = ['verify_peer' => false, 'verify_peer_name' => false];
    $options += $shows ? ['local_cert' => "$folder/client.crt", 'local_pk' => "$folder/client.key"] : [];
    $context = stream_context_create(['ssl' => $options]);
    $client = stream_socket_client("tls://127.0.0.1:{$server->port}", $errno, $error, 10, STREAM_CLIENT_CONNECT, $context);
    stream_set_timeout($client, 10);
    return $client;
}

function ask($client, string $what): string
{
    fwrite($client, "$what\n");
    return trim((string) fgets($client));
}

$own = openssl_x509_fingerprint(file_get_contents("$folder/client.crt"));
$is = fn (string $text) => str_contains($pem = (string) base64_decode($text), 'BEGIN') ? (openssl_x509_fingerprint($pem) === $own ? 'right' : 'wrong') : $pem;
$until = function (callable $done): void {
    for ($i = 0; $i < 5000 && !$done(); $i++) {
        usleep(2000);
        clearstatcache();
    }
};

[$client, $other] = [connect($folder, true), connect($folder, false)];
foreach (['worker', 'task worker'] as $where) {
    echo "$where: ", $is(ask($client, $where)), ', ', $is(ask($other, $where)), "\n";
}
fwrite($client, "die\nworker\ntask worker\n");
$until(fn () => file_exists("$folder/dies"));
unlink("$folder/dies");
echo 'successor: ', $is(fgets($client)), ', ', $is(fgets($client)), "\n";
$client2 = connect($folder, true);
echo 'another one: ', $is(ask($client2, 'worker')), "\n";
echo 'memory: ', (int) ask($other, 'memory') > 0 ? 'some' : 'none', "\n";
fclose($client2);
$until(fn () => file_exists("$folder/closed"));
fclose($client);
$until(fn () => (int) ask($other, 'memory') === 0);
echo 'memory: ', ask($other, 'memory'), ", at close: ", file_get_contents("$folder/closed"), "\n";
$server->stop();
?>
--EXPECT--
worker: right, none
task worker: right, none
successor: right, right
another one: right
memory: some
memory: 0, at close: shown
