<?php

declare(strict_types=1);

namespace Hyperf\HttpServer;

use Swoole\Http\Response as SwooleResponse;

/** An answer that has not been sent; `with...` makes another one. */
final class Response
{
    /** @param array<string, string> $headers */
    public function __construct(public readonly int $status = 200, public readonly string $body = '', public readonly array $headers = [])
    {
    }

    public static function json(mixed $value, int $status = 200): self
    {
        return new self($status, json_encode($value, JSON_THROW_ON_ERROR), ['Content-Type' => 'application/json']);
    }

    public function withHeader(string $name, string $value): self
    {
        return new self($this->status, $this->body, [$name => $value] + $this->headers);
    }

    public function send(SwooleResponse $response): void
    {
        $response->status($this->status);
        foreach ($this->headers as $name => $value) {
            $response->header($name, $value);
        }
        $response->end($this->body);
    }
}
