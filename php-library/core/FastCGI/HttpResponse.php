<?php

declare(strict_types=1);

namespace Swoole\FastCGI;

use Swoole\Http\Status;

/** The answer of a FastCGI application to an HTTP request. Names of headers are found in any case. */
class HttpResponse extends Response
{
    /** @var int */
    protected $statusCode;

    /** @var string */
    protected $reasonPhrase;

    /** @var array<string, string> */
    protected array $headers = [];

    /** @var array<string, string> lower-case name => name */
    protected array $headersMap = [];

    /** @var list<string> */
    protected array $setCookieHeaderLines = [];

    /** @param list<Record> $records */
    public function __construct(array $records = [])
    {
        parent::__construct($records);
        if ($this->body === '') {
            return;
        }
        [$head, $body] = explode("\r\n\r\n", $this->body, 2) + [1 => null];
        if ($body === null) {
            $this->withStatusCode(Status::BAD_GATEWAY)->withReasonPhrase('Invalid FastCGI Response')->withError($this->body);
            return;
        }
        $this->withBody($body);
        foreach (explode("\r\n", $head) as $line) {
            [$name, $value] = explode(':', $line, 2) + [1 => null];
            if ($value === null) {
                continue;
            }
            $name = trim($name);
            $value = trim($value);
            match (strtolower($name)) {
                'status' => $this->takeStatus($value),
                'set-cookie' => $this->withSetCookieHeaderLine($value),
                default => $this->withHeader($name, $value),
            };
        }
        $this->statusCode ??= Status::OK;
        $this->reasonPhrase ??= Status::getReasonPhrase($this->statusCode);
    }

    public function getStatusCode(): int
    {
        return $this->statusCode;
    }

    public function withStatusCode(int $statusCode): self
    {
        $this->statusCode = $statusCode;
        return $this;
    }

    public function getReasonPhrase(): string
    {
        return $this->reasonPhrase;
    }

    public function withReasonPhrase(string $reasonPhrase): self
    {
        $this->reasonPhrase = $reasonPhrase;
        return $this;
    }

    public function getHeader(string $name): ?string
    {
        return $this->headers[$this->headersMap[strtolower($name)] ?? ''] ?? null;
    }

    /** @return array<string, string> without those that set cookies */
    public function getHeaders(): array
    {
        return $this->headers;
    }

    public function withHeader(string $name, string $value): self
    {
        $this->headers[$name] = $value;
        $this->headersMap[strtolower($name)] = $name;
        return $this;
    }

    /** @param array<string, string> $headers replace those of the same names */
    public function withHeaders(array $headers): self
    {
        foreach ($headers as $name => $value) {
            $this->withHeader((string) $name, $value);
        }
        return $this;
    }

    /** @return list<string> values of `Set-Cookie` */
    public function getSetCookieHeaderLines(): array
    {
        return $this->setCookieHeaderLines;
    }

    public function withSetCookieHeaderLine(string $value): self
    {
        $this->setCookieHeaderLines[] = $value;
        return $this;
    }

    /** Takes `404 Not Found` apart. */
    private function takeStatus(string $value): void
    {
        [$code, $phrase] = explode(' ', $value, 2) + [1 => ''];
        $this->statusCode = (int) $code;
        $this->reasonPhrase = $phrase !== '' ? $phrase : Status::getReasonPhrase($this->statusCode);
    }
}
