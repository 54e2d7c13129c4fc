<?php

declare(strict_types=1);

namespace App;

use Hyperf\Contract\MiddlewareInterface;
use Hyperf\HttpServer\Request;
use Hyperf\HttpServer\Response;

/** Needs something of a pool, as middleware that asks a database does. */
final class TakesLease implements MiddlewareInterface
{
    public function process(Request $request, \Closure $next): Response
    {
        return Leases::take() ? $next($request) : new Response(503, 'all leases are taken');
    }
}
