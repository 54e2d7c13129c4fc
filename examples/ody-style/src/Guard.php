<?php

declare(strict_types=1);

namespace Ody;

/** Lets nobody in without the token, if there is one. */
final class Guard extends Middleware
{
    public function __construct(private readonly ?string $token)
    {
    }

    public function handle(Request $request, \Closure $next): Response
    {
        $given = $request->headers['authorization'] ?? '';
        if ($this->token !== null && !hash_equals("Bearer $this->token", $given)) {
            return Response::json(['error' => 'who are you?'], 401);
        }
        return $next($request);
    }
}
