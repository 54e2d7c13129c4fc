<?php

declare(strict_types=1);

namespace Hyperf\HttpServer;

use Swoole\Http\Request as SwooleRequest;

/** A request as the application sees it. */
final class Request
{
    public readonly string $method;
    public readonly string $path;

    public function __construct(private readonly SwooleRequest $request)
    {
        $this->method = $request->server['request_method'];
        $this->path = $request->server['request_uri'];
    }

    public function query(string $name, ?string $default = null): ?string
    {
        $value = $this->request->get[$name] ?? $default;
        return is_string($value) ? $value : $default;
    }

    public function header(string $name, string $default = ''): string
    {
        return $this->request->header[strtolower($name)] ?? $default;
    }

    /** @throws Refusal when the body is no JSON */
    public function json(): mixed
    {
        try {
            return json_decode((string) $this->request->getContent(), true, 64, JSON_THROW_ON_ERROR);
        } catch (\JsonException $e) {
            throw new Refusal(400, 'the body is no JSON: ' . $e->getMessage());
        }
    }
}
