<?php

declare(strict_types=1);

namespace Notes\Http;

/** An answer: status, headers and body. */
final readonly class Reply
{
    /** @param array<string, string> $headers */
    public function __construct(public int $status, public array $headers = [], public string $body = '')
    {
    }

    /** @param array<string, string> $headers */
    public static function json(mixed $value, int $status = 200, array $headers = []): self
    {
        $flags = JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE;
        return new self($status, ['Content-Type' => 'application/json'] + $headers, json_encode($value, $flags) . "\n");
    }

    public function withHeader(string $name, string $value): self
    {
        return new self($this->status, [$name => $value] + $this->headers, $this->body);
    }
}
