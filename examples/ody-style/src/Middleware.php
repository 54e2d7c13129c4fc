<?php

declare(strict_types=1);

namespace Ody;

/** One layer around every request; the same object for all of them, so what belongs to one request goes into the context. */
abstract class Middleware
{
    /** @param \Closure(Request): Response $next */
    abstract public function handle(Request $request, \Closure $next): Response;

    /** Called when the answer has been sent. */
    public function terminate(Request $request, Response $response): void
    {
    }
}
