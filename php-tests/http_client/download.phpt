--TEST--
Http\Client: downloads go to a file as they arrive, from an offset if wanted
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/canned.inc';

Co\run(function (): void {
    $body = random_bytes(700_000);
    $ok = 'HTTP/1.1 200 OK';
    $server = Canned::replies([
        'big' => "$ok\r\nContent-Length: 700000\r\n\r\n$body",
        'small' => "$ok\r\nContent-Length: 3\r\n\r\nXYZ",
        'gzip' => "$ok\r\nContent-Encoding: gzip\r\nContent-Length: " . strlen(gzencode($body)) . "\r\n\r\n" . gzencode($body),
        'empty' => "$ok\r\nContent-Length: 0\r\n\r\n",
        'cut' => "$ok\r\nContent-Length: 9\r\n\r\nabc!",
    ]);
    $file = tempnam(sys_get_temp_dir(), 'steelwool');
    $client = $server->client();
    var_dump($client->download('/big', $file), $client->statusCode, $client->body, file_get_contents($file) === $body);
    var_dump($client->downloadFile, $client->downloadOffset);
    var_dump($client->download('/small', $file, 10), file_get_contents($file) === substr_replace($body, 'XYZ', 10, 3));
    var_dump($client->download('/gzip', $file), file_get_contents($file) === $body);
    var_dump($client->get('/small'), $client->body, filesize($file));
    unlink($file);
    var_dump($client->download('/empty', $file), file_exists($file), $client->downloadFile);
    var_dump($client->download('/cut', $file), $client->statusCode, $client->errCode, file_get_contents($file));
    var_dump($client->download('/small', '/no/such/folder/file'), $client->errCode);
    $server->close();
    @unlink($file);
});
?>
--EXPECTF--
bool(true)
int(200)
string(0) ""
bool(true)
NULL
int(0)
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
string(3) "XYZ"
int(700000)
bool(true)
bool(false)
NULL
bool(false)
int(-3)
int(104)
string(3) "abc"
%A
bool(false)
int(2)
