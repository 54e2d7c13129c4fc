--TEST--
upload_max_filesize: forms larger than package_max_length go to the disk while they arrive, and leave with the request
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$folder = sys_get_temp_dir() . '/steelwool-uploads-' . getmypid();
$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->set([
            'package_max_length' => 64 << 10,
            'upload_max_filesize' => '16M',
            'upload_tmp_dir' => getenv('FOLDER'),
            'http_parse_files' => true,
        ]);
        $server->handle('/', static function ($request, $response): void {
            $file = $request->files['f']['tmp_name']['x'] ?? '';
            $response->end(json_encode([
                'hash' => $file === '' ? '' : md5_file($file),
                'uploaded' => is_uploaded_file($file),
                'size' => $request->files['f']['size']['x'] ?? null,
                'none' => $request->files['none']['error'] ?? null,
                'post' => $request->post,
                'tmpfiles' => count($request->tmpfiles ?? []),
                'content' => strlen($request->getContent()),
                'peak' => memory_get_peak_usage() < 4 << 20,
            ]));
        });
        $server->handle('/unread', static fn($request, $response) => $response->end('unread'));
        $server->start();
    });
    PHP, env: ['FOLDER' => $folder]);
function form(string $file, string $field): string
{
    return "--XX\r\nContent-Disposition: form-data; name=\"f[x]\"; filename=\"a.bin\"\r\nContent-Type: a/b\r\n\r\n$file\r\n"
        . "--XX\r\nContent-Disposition: form-data; name=\"p[]\"\r\n\r\n$field\r\n"
        . "--XX\r\nContent-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n\r\n--XX--\r\n";
}
$headers = ['Content-Type' => 'multipart/form-data; boundary=XX'];
$file = random_bytes(8_000_000);
foreach (['small', 'large'] as $size) {
    $content = $size === 'large' ? $file : 'tiny';
    $reply = json_decode(http_request($server->port, '/', 'POST', $headers, form($content, 'value'))['body'], true);
    var_dump($reply['hash'] === md5($content), $reply['size'] === strlen($content));
    unset($reply['hash'], $reply['size']);
    echo json_encode($reply), "\n";
}
echo http_request($server->port, '/unread', 'POST', $headers, form($file, ''))['body'], "\n";
// in chunks, of a length that nobody tells
$chunked = '';
foreach (str_split(form($file, 'chunked'), 100_000) as $chunk) {
    $chunked .= dechex(strlen($chunk)) . "\r\n$chunk\r\n";
}
$head = request_bytes('/', 'POST', $headers + ['Transfer-Encoding' => 'chunked', 'Connection' => 'close']);
$reply = raw_request($server->port, "$head{$chunked}0\r\n\r\n");
var_dump(str_contains($reply, md5($file)), str_contains($reply, '"p":["chunked"]'));
echo "too large: file, fields, no form\n";
echo http_request($server->port, '/', 'POST', $headers, form(str_repeat('x', 17 << 20), ''))['status'], "\n";
echo http_request($server->port, '/', 'POST', $headers, form('', str_repeat('x', 100_000)))['status'], "\n";
echo http_request($server->port, '/', 'POST', [], str_repeat('x', 100_000))['status'], "\n";
// gone in the middle
$socket = connect_to($server->port);
fwrite($socket, request_bytes('/', 'POST', $headers + ['Content-Length' => '9000000'], ''));
fwrite($socket, substr(form($file, ''), 0, 1_000_000));
function files(string $folder, int $until): int
{
    $end = microtime(true) + 20;
    while (($count = count(scandir($folder)) - 2) !== $until && microtime(true) < $end) {
        usleep(2000);
    }
    return $count;
}
echo files($folder, 1), " file begun\n";
fclose($socket);
echo files($folder, 0), " files left\n";
echo $server->stop();
rmdir($folder);
--EXPECT--
bool(true)
bool(true)
{"uploaded":true,"none":4,"post":{"p":["value"]},"tmpfiles":1,"content":231,"peak":true}
bool(true)
bool(true)
{"uploaded":true,"none":4,"post":{"p":["value"]},"tmpfiles":1,"content":0,"peak":true}
unread
bool(true)
bool(true)
too large: file, fields, no form
413
413
413
1 file begun
0 files left
