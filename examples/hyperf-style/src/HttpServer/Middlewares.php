<?php

declare(strict_types=1);

namespace Hyperf\HttpServer;

use Hyperf\Contract\MiddlewareInterface;

/** The layers around the requests of each server. */
final class Middlewares
{
    /** @var array<string, list<MiddlewareInterface>> */
    private static array $layers = [];

    /** @param array<string, list<class-string<MiddlewareInterface>>> $classes by server */
    public static function boot(array $classes): void
    {
        self::$layers = array_map(static fn (array $list): array => array_map(static fn (string $class) => new $class(), $list), $classes);
    }

    /** @param \Closure(Request): Response $core what is in the middle */
    public static function run(string $server, Request $request, \Closure $core): Response
    {
        $next = $core;
        foreach (array_reverse(self::$layers[$server] ?? []) as $layer) {
            $next = static fn (Request $request): Response => $layer->process($request, $next);
        }
        return $next($request);
    }
}
