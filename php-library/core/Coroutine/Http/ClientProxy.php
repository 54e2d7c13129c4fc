<?php

declare(strict_types=1);

namespace Swoole\Coroutine\Http;

/** The answer to a request of {@see request()}. */
class ClientProxy
{
    private array $headers;

    private array $cookies;

    public function __construct(private string $body, private int $statusCode, ?array $headers, ?array $cookies)
    {
        $this->headers = $headers ?? [];
        $this->cookies = $cookies ?? [];
    }

    public function getBody(): string
    {
        return $this->body;
    }

    public function getStatusCode(): int
    {
        return $this->statusCode;
    }

    /** @return array by lower-case names; with the driver `curl` each is a list, with `stream` there are none */
    public function getHeaders(): array
    {
        return $this->headers;
    }

    /** @return array<string, string> the cookies that the answer sets; with the driver `stream` there are none */
    public function getCookies(): array
    {
        return $this->cookies;
    }
}
