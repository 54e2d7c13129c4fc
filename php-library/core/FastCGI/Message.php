<?php

declare(strict_types=1);

namespace Swoole\FastCGI;

/** What requests and answers have in common. Each `with` method changes the message and returns it. */
class Message
{
    /** @var array<string, string> */
    protected array $params = [];

    protected string $body = '';

    protected string $error = '';

    public function getParam(string $name): ?string
    {
        return $this->params[$name] ?? null;
    }

    public function withParam(string $name, string $value): static
    {
        $this->params[$name] = $value;
        return $this;
    }

    public function withoutParam(string $name): static
    {
        unset($this->params[$name]);
        return $this;
    }

    /** @return array<string, string> */
    public function getParams(): array
    {
        return $this->params;
    }

    /** @param array<string, string> $params replace all others */
    public function withParams(array $params): static
    {
        $this->params = $params;
        return $this;
    }

    /** @param array<string, string> $params replace those of the same names */
    public function withAddedParams(array $params): static
    {
        $this->params = $params + $this->params;
        return $this;
    }

    public function getBody(): string
    {
        return $this->body;
    }

    public function withBody(\Stringable|string $body): self
    {
        $this->body = (string) $body;
        return $this;
    }

    /** What an application wrote to its standard error. */
    public function getError(): string
    {
        return $this->error;
    }

    public function withError(string $error): static
    {
        $this->error = $error;
        return $this;
    }
}
