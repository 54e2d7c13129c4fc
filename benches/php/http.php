<?php

declare(strict_types=1);

// On the port argv[1]: hello world, a handler as frameworks have it, an echo, and the file argv[2]; with TLS by the certificate argv[3] and
// the key argv[4]. HTTP/2 for those who speak it from the first byte on.

Swoole\Coroutine\run(static function () use ($argv): void {
    $server = new Swoole\Coroutine\Http\Server('127.0.0.1', (int) $argv[1], isset($argv[3]));
    $server->set(['open_http2_protocol' => true] + (isset($argv[3]) ? ['ssl_cert_file' => $argv[3], 'ssl_key_file' => $argv[4]] : []));
    $server->handle('/', static function ($request, $response): void {
        $response->end("Hello World\n");
    });
    $server->handle('/framework', static function ($request, $response): void {
        $header = $request->header;
        $server = $request->server;
        $data = [
            'path' => $server['request_uri'],
            'method' => $server['request_method'],
            'agent' => $header['user-agent'] ?? '',
            'host' => $header['host'],
            'page' => (int) ($request->get['page'] ?? 1),
            'session' => $request->cookie['session'] ?? null,
        ];
        $response->status(200);
        $response->header('Content-Type', 'application/json');
        $response->header('Cache-Control', 'no-cache, private');
        $response->header('X-Request-Id', '7f3a9c');
        $response->header('X-Powered-By', 'framework');
        $response->cookie('session', $data['session'] ?? 'new', time() + 3600, '/', '', false, true);
        $response->end(json_encode($data));
    });
    $server->handle('/echo', static function ($request, $response): void {
        $response->end($request->getContent());
    });
    $file = ($argv[2] ?? '') ?: __FILE__;
    $server->handle('/file', static function ($request, $response) use ($file): void {
        $response->sendfile($file);
    });
    $server->start();
});
