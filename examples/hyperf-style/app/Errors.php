<?php

declare(strict_types=1);

namespace App;

use Hyperf\Contract\MiddlewareInterface;
use Hyperf\HttpServer\Refusal;
use Hyperf\HttpServer\Request;
use Hyperf\HttpServer\Response;

/** What is thrown becomes an answer. */
final class Errors implements MiddlewareInterface
{
    public function process(Request $request, \Closure $next): Response
    {
        try {
            return $next($request);
        } catch (Refusal $e) {
            return Response::json(['error' => $e->getMessage()], $e->status);
        } catch (\Throwable $e) {
            fwrite(STDERR, "$e\n");
            return Response::json(['error' => 'the server has failed'], 500);
        }
    }
}
