--TEST--
http_parse_files groups files of one name by attribute, as $_FILES does; upload_tmp_dir says where they are
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$server = ServerProcess::start(<<<'PHP'
    Swoole\Coroutine\run(static function (): void {
        $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) getenv('PORT'));
        $server->set(['http_parse_files' => true, 'upload_tmp_dir' => sys_get_temp_dir() . '/steelwool-uploads']);
        $server->handle('/', static function ($request, $response): void {
            $files = $request->files;
            $folders = array_unique(array_map('dirname', $request->tmpfiles));
            $files['g']['tmp_name'] = 'TMP';
            $response->end(json_encode($files) . "\n" . json_encode($folders === [sys_get_temp_dir() . '/steelwool-uploads']));
        });
        $server->start();
    });
    PHP);
$body = "--B\r\nContent-Disposition: form-data; name=\"g[k][]\"; filename=a\r\n\r\n1\r\n--B\r\nContent-Disposition: form-data; name=\"g[k][]\"; filename=b\r\n\r\n22\r\n--B--";
echo http_request($server->port, '/', 'POST', ['Content-Type' => 'multipart/form-data; boundary=B'], $body)['body'], "\n";
$server->stop();
@rmdir(sys_get_temp_dir() . '/steelwool-uploads');
--EXPECT--
{"g":{"name":{"k":["a","b"]},"type":{"k":["",""]},"tmp_name":"TMP","error":{"k":[0,0]},"size":{"k":[1,2]}}}
true
