--TEST--
Http\Client: forms with files, from disk and from memory
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/canned.inc';

Co\run(function (): void {
    $received = '';
    $server = new Canned(function ($connection) use (&$received): void {
        while (($received = Canned::head($connection)) !== '') {
            fwrite($connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        }
    });
    $file = tempnam(sys_get_temp_dir(), 'steelwool');
    $content = random_bytes(600_000);
    file_put_contents($file, $content);
    $client = $server->client();
    var_dump($client->addFile($file, 'file', '', 'a.png'), $client->addFile($file, 'part', 'x/y', '', 100, 3));
    var_dump($client->addData('in memory', 'data'));
    echo json_encode(array_map(fn ($entry) => $entry['type'] . $entry['size'], $client->uploadFiles)), "\n";
    var_dump($client->post('/', ['field' => 'value', 'null' => null]), $client->body, $client->uploadFiles);
    preg_match('/boundary=(\S+)/', $received, $found);
    $boundary = $found[1];
    [$head, $body] = explode("\r\n\r\n", $received, 2);
    $expected = [
        "Content-Disposition: form-data; name=\"field\"\r\n\r\nvalue",
        "Content-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\nContent-Type: application/octet-stream\r\n\r\n$content",
        "Content-Disposition: form-data; name=\"part\"; filename=\"" . basename($file) . "\"\r\nContent-Type: x/y\r\n\r\n" . substr($content, 100, 3),
        "Content-Disposition: form-data; name=\"data\"; filename=\"data\"\r\nContent-Type: application/octet-stream\r\n\r\nin memory",
    ];
    $text = implode('', array_map(fn ($part) => "--$boundary\r\n$part\r\n", $expected)) . "--$boundary--\r\n";
    var_dump($body === $text, str_contains($head, "Content-Length: " . strlen($text)));
    $client->post('/', 'plain');
    var_dump(str_ends_with($received, "\r\n\r\nplain"));
    var_dump($client->addFile('/no/such/file', 'f'), $client->addFile($file, 'f', '', '', 600_000));
    var_dump($client->addFile($file, 'f', '', '', 10, 600_000));
    file_put_contents($file, '');
    var_dump($client->addFile($file, 'f'), $client->uploadFiles);
    $server->close();
    unlink($file);
});
?>
--EXPECTF--
bool(true)
bool(true)
bool(true)
["application\/octet-stream600000","x\/y3","application\/octet-stream9"]
bool(true)
string(2) "ok"
NULL
bool(true)
bool(true)
bool(true)

Warning: Swoole\Coroutine\Http\Client::addFile(): stat(/no/such/file) failed, Error: No such file or directory[2] in %s on line %d

Warning: Swoole\Coroutine\Http\Client::addFile(): parameter $offset[600000] exceeds the file size in %s on line %d
bool(false)
bool(false)

Warning: Swoole\Coroutine\Http\Client::addFile(): parameter $length[600000] exceeds the file size%Sin %s on line %d
bool(false)

Warning: Swoole\Coroutine\Http\Client::addFile(): cannot send empty file[%s]%Sin %s on line %d
bool(false)
NULL
