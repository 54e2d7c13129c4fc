<?php

declare(strict_types=1);

namespace Hyperf\Contract;

use Hyperf\HttpServer\Request;
use Hyperf\HttpServer\Response;

/** One layer around every request of a server. */
interface MiddlewareInterface
{
    /** @param \Closure(Request): Response $next */
    public function process(Request $request, \Closure $next): Response;
}
