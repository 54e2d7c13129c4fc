<?php

declare(strict_types=1);

use Hyperf\HttpServer\Request;
use Hyperf\HttpServer\Response;
use Hyperf\HttpServer\Router;
use Swoole\Coroutine;

Router::get('/', static fn (Request $request): Response => Response::json(['message' => 'Hello ' . $request->query('user', 'Hyperf') . '.']));
Router::get('/style', static fn (): Response => Response::json(['style' => Hyperf\Server\Style::current()->name]));
Router::get('/users/{id}', static fn (Request $request, string $id): Response => Response::json(['id' => (int) $id]));
Router::post('/echo', static fn (Request $request): Response => Response::json($request->json()));
Router::get('/slow', static function (Request $request): Response {
    $before = App\RequestId::current();
    Coroutine::sleep(0.05);
    return Response::json(['same' => $before === App\RequestId::current(), 'id' => $before]);
});
Router::get('/leases', static fn (): Response => Response::json(['free' => App\Leases::free()]));
Router::get('/broken', static fn (): Response => throw new RuntimeException('on purpose'));
