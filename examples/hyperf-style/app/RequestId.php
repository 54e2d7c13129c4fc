<?php

declare(strict_types=1);

namespace App;

use Hyperf\Context\Context;
use Hyperf\Contract\MiddlewareInterface;
use Hyperf\HttpServer\Request;
use Hyperf\HttpServer\Response;

/** Every request has an id, the client's or a new one, which its answer shows. */
final class RequestId implements MiddlewareInterface
{
    public static function current(): string
    {
        return Context::get(self::class, '');
    }

    public function process(Request $request, \Closure $next): Response
    {
        $id = $request->header('X-Request-Id') ?: bin2hex(random_bytes(8));
        Context::set(self::class, $id);
        return $next($request)->withHeader('X-Request-Id', $id);
    }
}
