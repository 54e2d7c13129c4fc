<?php

declare(strict_types=1);

namespace Notes\Middleware;

use Closure;
use Notes\Http\Reply;
use Notes\Http\Request;

/** Says in a header how long the layers inside took. */
final class Timing implements Middleware
{
    public function process(Request $request, Closure $next): Reply
    {
        $start = hrtime(true);
        $reply = $next($request);
        return $reply->withHeader('Server-Timing', sprintf('app;dur=%.3f', (hrtime(true) - $start) / 1e6));
    }
}
