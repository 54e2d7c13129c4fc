<?php

declare(strict_types=1);

namespace Hyperf\HttpServer;

use Swoole\Http\Request as SwooleRequest;
use Swoole\Http\Response as SwooleResponse;

/** Runs requests through middleware and router. */
final class Server
{
    public function onRequest(SwooleRequest $request, SwooleResponse $response): void
    {
        Middlewares::run('http', new Request($request), Router::dispatch(...))->send($response);
    }
}
