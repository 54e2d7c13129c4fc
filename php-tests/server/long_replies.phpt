--TEST--
Http\Server in SWOOLE_PROCESS: long replies go out as clients take them; the master keeps little of them, and compresses none
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$script = <<<'PHP'
    <?php
    $server = new Swoole\Http\Server('127.0.0.1', (int) $argv[1], SWOOLE_PROCESS);
    $server->set(['worker_num' => 1, 'max_wait_time' => 60]);
    $long = str_repeat('0123456789abcde', 600_000);
    $noise = random_bytes(5_000_000);
    $server->on('request', function ($request, $response) use ($server, $long, $noise) {
        $response->header('X-Pid', (string) getmypid());
        match ($request->server['request_uri']) {
            '/long' => $response->end($long),
            '/noise' => $response->end($noise),
            '/md5' => $response->end(md5($noise)),
            '/short' => [$response->header('Content-Length', '10'), $response->end($long)],
            '/memory' => $response->end((string) preg_filter('/.*RssAnon:\s+(\d+).*/s', '$1', file_get_contents("/proc/$server->master_pid/status"))),
        };
    });
    $server->start();
    PHP;
$server = ServerProcess::start($script);
$long = str_repeat('0123456789abcde', 600_000);

function ask(ServerProcess $server, string $path, string $fields = '', string $method = 'GET')
{
    $client = connect_to($server->port, 60);
    fwrite($client, "$method $path HTTP/1.1\r\nHost: a\r\nConnection: close\r\n$fields\r\n");
    return $client;
}

function reply($client): array
{
    [$head, $body] = explode("\r\n\r\n", stream_get_contents($client), 2);
    preg_match_all('/^(content-\w+|transfer-encoding): (.*)$/mi', str_replace("\r", '', $head), $lines, PREG_SET_ORDER);
    return [implode(', ', array_map(fn($line) => "$line[1]: $line[2]", $lines)), $body];
}

[$lines, $body] = reply(ask($server, '/long'));
echo $lines, $body === $long ? '; all' : '; ' . strlen($body), "\n";
[$lines, $body] = reply(ask($server, '/long', method: 'HEAD'));
echo $lines, $body === '' ? '; nothing' : '; ' . strlen($body), "\n";
[$lines, $body] = reply(ask($server, '/short'));
echo "$lines; $body\n";
[$lines, $body] = reply(ask($server, '/long', "Accept-Encoding: gzip\r\n"));
echo preg_replace('/\d+/', 'N', $lines), strlen($body) < 500_000 && gzdecode($body) === $long ? '; all' : '; ' . strlen($body), "\n";
[$lines, $body] = reply(ask($server, '/noise', "Accept-Encoding: gzip\r\n"));
[, $md5] = reply(ask($server, '/md5'));
echo preg_replace('/\d+/', 'N', $lines), md5(gzdecode($body)) === $md5 ? '; all' : '; ' . strlen($body), "\n";

echo "slow readers\n";
[, $before] = reply(ask($server, '/memory'));
$slow = [];
for ($i = 0; $i < 20; $i++) {
    $slow[] = $client = ask($server, '/long');
    fread($client, 1);
}
[, $after] = reply(ask($server, '/memory'));
echo $after - $before < 20_000 ? "little is kept for them\n" : 'grown by ' . $after - $before . " KiB\n";
foreach ($slow as $number => $client) {
    [, $body] = reply($client);
    $body === $long or print "reader $number: " . strlen($body) . "\n";
}

echo "a worker that dies\n";
$client = ask($server, '/long');
$head = stream_get_line($client, 4096, "\r\n\r\n");
preg_match('/X-Pid: (\d+)/i', $head, $pid);
posix_kill((int) $pid[1], SIGKILL);
$rest = strlen(stream_get_contents($client));
echo $rest < strlen($long) ? "the reply ends before it is whole\n" : "$rest\n";
[, $body] = reply(ask($server, '/md5'));
echo strlen($body), "\n";
?>
--EXPECT--
Content-Type: text/html, Content-Length: 9000000; all
Content-Type: text/html, Content-Length: 9000000; nothing
Content-Length: 10, Content-Type: text/html; 0123456789
Content-Type: text/html, Content-Encoding: gzip, Content-Length: N; all
Content-Type: text/html, Content-Encoding: gzip, Content-Length: N; all
slow readers
little is kept for them
a worker that dies
the reply ends before it is whole
32
