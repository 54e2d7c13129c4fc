<?php

declare(strict_types=1);

namespace Notes\Middleware;

use Closure;
use Notes\Http\HttpError;
use Notes\Http\Reply;
use Notes\Http\Request;
use Swoole\Coroutine;
use Throwable;

/** Turns exceptions into answers: what the client did wrong is said, what we did wrong is only logged. */
final class ErrorsToJson implements Middleware
{
    public function process(Request $request, Closure $next): Reply
    {
        try {
            return $next($request);
        } catch (HttpError $e) {
            $error = ['error' => $e->getMessage()] + ($e->fields === [] ? [] : ['fields' => $e->fields]);
            return Reply::json($error, $e->status, $e->headers);
        } catch (Throwable $e) {
            $id = Coroutine::getContext()['request id'] ?? '-';
            error_log("request $id: {$request->method} {$request->path}: " . $e);
            return Reply::json(['error' => 'internal error', 'request' => $id], 500);
        }
    }
}
