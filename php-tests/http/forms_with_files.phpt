--TEST--
multipart/form-data: fields, files and their temporary names, gone after the request unless moved
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->handle('/', static function ($request, $response): void {
            $show = static fn($value) => preg_replace('~/tmp\\\\?/swoole\.upfile\.\w{6}~', 'TMP', json_encode($value, JSON_UNESCAPED_SLASHES));
            $out = $show($request->post) . "\n" . $show($request->files) . "\n" . $show($request->tmpfiles) . "\n";
            foreach ($request->tmpfiles ?? [] as $i => $file) {
                $out .= json_encode([file_get_contents($file), is_uploaded_file($file)]) . "\n";
                if ($i === 1) {
                    $out .= json_encode(move_uploaded_file($file, $GLOBALS['moved'] = "$file.moved")) . "\n";
                }
            }
            $GLOBALS['before'] = $request->tmpfiles ?? [];
            $response->end($out);
        });
        $server->handle('/after', static function ($request, $response): void {
            $response->end(json_encode(array_map('file_exists', [...$GLOBALS['before'], $GLOBALS['moved']])));
            unlink($GLOBALS['moved']);
        });
        $server->start();
    });
    PHP);
$part = static fn(string $disposition, string $data, string $type = ''): string => "--B0\r\nContent-Disposition: form-data; $disposition\r\n"
    . ($type === '' ? '' : "Content-Type: $type\r\n") . "\r\n$data\r\n";
$body = $part('name="x"', "1\r\n2") . $part('name="y[a]"', '3') . $part('name="y[a]"', '4')
    . $part('name="f"; filename="a.txt"', 'first', 'text/plain') . $part('name="g[]"; filename="b c.bin"', "\0\r\n--B", 'image/png')
    . $part('name="g[]"; filename="empty"', '') . $part('name="none"; filename=""', '', 'application/octet-stream') . "--B0--\r\n";
echo http_request($server->port, '/', 'POST', ['Content-Type' => 'multipart/form-data; boundary=B0'], $body)['body'];
echo http_request($server->port, '/after')['body'], "\n";
echo http_request($server->port, '/', 'POST', ['Content-Type' => 'multipart/form-data; boundary=other'], $body)['body'];
echo http_request($server->port, '/', 'POST', ['Content-Type' => 'multipart/form-data'], $body)['body'];
--EXPECT--
{"x":"1\r\n2","y":{"a":"4"}}
{"f":{"type":"text/plain","tmp_name":"TMP","size":5,"name":"a.txt","error":0},"g":[{"type":"image/png","tmp_name":"TMP","size":6,"name":"b c.bin","error":0},{"type":"","tmp_name":"TMP","size":0,"name":"empty","error":0}],"none":{"type":"","tmp_name":"","size":0,"name":"","error":4}}
["TMP","TMP","TMP"]
["first",true]
["\u0000\r\n--B",true]
true
["",true]
[false,false,false,true]
null
null
null
null
null
null
