<?php

declare(strict_types=1);

namespace Notes;

use Closure;
use Notes\Http\Reply;
use Notes\Http\Request;
use Notes\Http\Router;
use Notes\Middleware\Authenticate;
use Notes\Middleware\ErrorsToJson;
use Notes\Middleware\Middleware;
use Notes\Middleware\RequestId;
use Notes\Middleware\Timing;
use Notes\Notes\NoteController;
use Notes\Storage\MysqlNotes;
use Notes\Storage\NoteRepository;
use Notes\Storage\SqliteNotes;
use Swoole\Http\Request as SwooleRequest;
use Swoole\Http\Response as SwooleResponse;

/** The front controller: an onion of middleware around a router, put together once at boot. */
final class Application
{
    /** @var Closure(Request): Reply */
    private readonly Closure $onion;
    private bool $stopping = false;

    /** @param list<Middleware> $middleware outermost first */
    public function __construct(public readonly string $storage, Router $router, array $middleware)
    {
        $onion = $router->dispatch(...);
        foreach (array_reverse($middleware) as $layer) {
            $onion = static fn (Request $request): Reply => $layer->process($request, $onion);
        }
        $this->onion = $onion;
    }

    public static function boot(Settings $settings): self
    {
        $notes = self::repository($settings);
        $router = new Router();
        $router->add('GET', '/', static fn (): Reply => Reply::json(['service' => 'notes', 'storage' => $notes->name()]));
        $router->add('GET', '/health', static function () use ($notes): Reply {
            $ok = $notes->ping();
            return Reply::json(['ok' => $ok], $ok ? 200 : 503);
        });
        (new NoteController($notes))->register($router);
        return new self($notes->name(), $router, [
            new RequestId(),
            new Timing(),
            new ErrorsToJson(),
            new Authenticate($settings->token),
        ]);
    }

    private static function repository(Settings $settings): NoteRepository
    {
        return $settings->mysql !== null
            ? new MysqlNotes($settings->mysql, $settings->poolSize)
            : new SqliteNotes($settings->file);
    }

    /** Called for each request, in a coroutine of its own. */
    public function __invoke(SwooleRequest $request, SwooleResponse $response): void
    {
        $reply = ($this->onion)(Request::from($request));
        $response->status($reply->status);
        foreach ($reply->headers as $name => $value) {
            $response->header($name, $value);
        }
        if ($this->stopping) {
            $response->header('Connection', 'close');
        }
        $response->end($reply->body);
    }

    /** From now on every answer ends its connection, so that the server can stop. */
    public function stop(): void
    {
        $this->stopping = true;
    }
}
