<?php

declare(strict_types=1);

namespace Ody;

/** Gives every request an id: its own, or what it came with. */
final class RequestId extends Middleware
{
    public function handle(Request $request, \Closure $next): Response
    {
        $id = $request->headers['x-request-id'] ?? bin2hex(random_bytes(8));
        Context::set('request id', $id);
        return $next($request)->with('X-Request-Id', $id);
    }
}
