<?php

declare(strict_types=1);

namespace Notes\Middleware;

use Closure;
use Notes\Http\Reply;
use Notes\Http\Request;
use Swoole\Coroutine;

/** Gives each request an id, the client's own if it sent one; it is in the coroutine's context and in the answer. */
final class RequestId implements Middleware
{
    public function process(Request $request, Closure $next): Reply
    {
        $id = $request->header('X-Request-Id');
        if (!preg_match('/^[\w.-]{1,64}$/D', $id)) {
            $id = bin2hex(random_bytes(8));
        }
        Coroutine::getContext()['request id'] = $id;
        return $next($request)->withHeader('X-Request-Id', $id);
    }
}
