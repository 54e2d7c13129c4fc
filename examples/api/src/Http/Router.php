<?php

declare(strict_types=1);

namespace Notes\Http;

/** Patterns like /notes/{id} and the function that answers each method. */
final class Router
{
    /** @var array<string, array<string, callable(Request): Reply>> regular expression => method => handler */
    private array $routes = [];

    /** @param callable(Request): Reply $handler */
    public function add(string $method, string $pattern, callable $handler): void
    {
        $expression = '~^' . preg_replace('~\\\\\{(\w+)\\\\}~', '(?<$1>[^/]+)', preg_quote($pattern, '~')) . '$~D';
        $this->routes[$expression][$method] = $handler;
    }

    /** @throws HttpError 404 for an unknown path, 405 for a known path with another method */
    public function dispatch(Request $request): Reply
    {
        foreach ($this->routes as $expression => $methods) {
            if (!preg_match($expression, $request->path, $match)) {
                continue;
            }
            $handler = $methods[$request->method] ?? ($request->method === 'HEAD' ? $methods['GET'] ?? null : null);
            if ($handler === null) {
                $allow = implode(', ', array_keys($methods));
                throw new HttpError(405, "{$request->method} is not allowed here", headers: ['Allow' => $allow]);
            }
            $parameters = array_filter($match, is_string(...), ARRAY_FILTER_USE_KEY);
            return $handler($request->with(array_map(rawurldecode(...), $parameters)));
        }
        throw new HttpError(404, 'there is nothing here');
    }
}
