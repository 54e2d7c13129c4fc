<?php

declare(strict_types=1);

namespace Hyperf\HttpServer;

/** Paths with `{parts}`, put together at boot. */
final class Router
{
    /** @var array<string, array<string, \Closure>> handlers by pattern and method */
    private static array $routes = [];

    public static function get(string $path, \Closure $handler): void
    {
        self::add('GET', $path, $handler);
    }

    public static function post(string $path, \Closure $handler): void
    {
        self::add('POST', $path, $handler);
    }

    /** @throws Refusal 404, or 405 when the path is there for another method */
    public static function dispatch(Request $request): Response
    {
        foreach (self::$routes as $pattern => $methods) {
            if (preg_match($pattern, $request->path, $match)) {
                $handler = $methods[$request->method] ?? throw new Refusal(405, 'use ' . implode(', ', array_keys($methods)));
                return $handler($request, ...array_slice($match, 1));
            }
        }
        throw new Refusal(404, "there is no $request->path");
    }

    private static function add(string $method, string $path, \Closure $handler): void
    {
        self::$routes['~^' . preg_replace('/\\\\\{\w+\\\\\}/', '([^/]+)', preg_quote($path, '~')) . '$~D'][$method] = $handler;
    }
}
