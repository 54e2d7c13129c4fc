<?php

declare(strict_types=1);

namespace Notes\Middleware;

use Closure;
use Notes\Http\HttpError;
use Notes\Http\Reply;
use Notes\Http\Request;

/** Asks for a bearer token before anything is changed; without a configured token everything is open. */
final class Authenticate implements Middleware
{
    public function __construct(private readonly ?string $token)
    {
    }

    public function process(Request $request, Closure $next): Reply
    {
        $reading = in_array($request->method, ['GET', 'HEAD', 'OPTIONS'], true);
        if ($this->token !== null && !$reading && !hash_equals("Bearer {$this->token}", $request->header('Authorization'))) {
            throw new HttpError(401, 'a bearer token is needed', headers: ['WWW-Authenticate' => 'Bearer']);
        }
        return $next($request);
    }
}
