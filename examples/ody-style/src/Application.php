<?php

declare(strict_types=1);

namespace Ody;

/** Answers requests; knows nothing of servers. */
final class Application
{
    /** @var \Closure(Request): Response routes with all middleware around them, made at boot */
    private readonly \Closure $pipeline;

    /**
     * @param list<Middleware> $middleware the outermost first
     * @param array<string, \Closure> $routes
     */
    public function __construct(private readonly array $middleware, array $routes, private readonly \Closure $shutdown)
    {
        $next = static function (Request $request) use ($routes): Response {
            $route = $routes[$request->path] ?? null;
            try {
                return $route === null ? Response::json(['error' => "there is no $request->path"], 404) : $route($request);
            } catch (\Throwable $e) {
                return Response::json(['error' => $e->getMessage()], 500);
            }
        };
        foreach (array_reverse($middleware) as $layer) {
            $next = static fn (Request $request): Response => $layer->handle($request, $next);
        }
        $this->pipeline = $next;
    }

    public function handle(Request $request): Response
    {
        return ($this->pipeline)($request);
    }

    /** Work that the client need not wait for; in the same coroutine, so the context is still there. */
    public function terminate(Request $request, Response $response): void
    {
        foreach ($this->middleware as $layer) {
            $layer->terminate($request, $response);
        }
    }

    public function shutdown(): void
    {
        ($this->shutdown)();
    }
}
