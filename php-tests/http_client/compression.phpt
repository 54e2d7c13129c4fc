--TEST--
Http\Client: compressed replies, with a limit for what they become
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/canned.inc';

Co\run(function (): void {
    $reply = fn (string $coding, string $body) => "HTTP/1.1 200 OK\r\nContent-Encoding: $coding\r\nContent-Length: " . strlen($body) . "\r\n\r\n$body";
    $text = str_repeat('compressed ', 1000);
    $server = Canned::replies([
        'gzip' => $reply('gzip', gzencode($text)),
        'deflate' => $reply('deflate', gzcompress($text)),
        'raw' => $reply('deflate', gzdeflate($text)),
        'broken' => $reply('gzip', 'abcdefghijklmnop'),
        'bomb' => $reply('gzip', gzencode(str_repeat("\0", 3_000_000))),
    ]);
    $client = $server->client(['timeout' => 5, 'log_file' => '/dev/null']);
    foreach (['gzip', 'deflate', 'raw'] as $path) {
        var_dump($client->get("/$path"), $client->body === $text);
    }
    $client->set(['body_decompression' => false]);
    var_dump($client->get('/gzip'), $client->body === gzencode($text));
    $client = $server->client(['timeout' => 5, 'package_max_length' => 1_000_000]);
    var_dump($client->get('/gzip'), strlen($client->body));
    echo outcome($client, $client->get('/bomb')), "\n";
    $server->close();
});
?>
--EXPECT--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
int(11000)
false -3 1201 "Package length too large" ""
