<?php

declare(strict_types=1);

namespace Notes\Middleware;

use Closure;
use Notes\Http\Reply;
use Notes\Http\Request;

/** One layer of the onion: it may look at the request, answer by itself, or change the answer of the layers inside. */
interface Middleware
{
    /** @param Closure(Request): Reply $next */
    public function process(Request $request, Closure $next): Reply;
}
