<?php

declare(strict_types=1);

namespace Ody;

use Swoole\Http\Request as SwooleRequest;

final class Request
{
    /** @param array<string, string> $headers by names in lower case */
    public function __construct(public readonly string $method, public readonly string $path, public readonly array $headers = [])
    {
    }

    public static function of(SwooleRequest $request): self
    {
        return new self($request->server['request_method'], $request->server['request_uri'], $request->header ?? []);
    }
}
