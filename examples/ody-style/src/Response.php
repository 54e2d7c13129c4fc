<?php

declare(strict_types=1);

namespace Ody;

final class Response
{
    /** @param array<string, string> $headers */
    public function __construct(public readonly int $status, public readonly string $body, public readonly array $headers)
    {
    }

    public static function json(mixed $value, int $status = 200): self
    {
        return new self($status, json_encode($value, JSON_THROW_ON_ERROR), ['Content-Type' => 'application/json']);
    }

    public function with(string $name, string $value): self
    {
        return new self($this->status, $this->body, [$name => $value] + $this->headers);
    }
}
