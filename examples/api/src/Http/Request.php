<?php

declare(strict_types=1);

namespace Notes\Http;

use JsonException;
use Swoole\Http\Request as SwooleRequest;

/** A request as the application sees it: values, no sockets. */
final readonly class Request
{
    /**
     * @param array<string, string> $headers lower-case names
     * @param array<string, mixed> $query
     * @param array<string, string> $parameters from the route's pattern
     */
    public function __construct(
        public string $method,
        public string $path,
        public array $headers = [],
        public array $query = [],
        public string $body = '',
        public array $parameters = [],
    ) {
    }

    public static function from(SwooleRequest $request): self
    {
        return new self(
            $request->server['request_method'],
            $request->server['request_uri'],
            $request->header ?? [],
            $request->get ?? [],
            (string) $request->rawContent(),
        );
    }

    /** @param array<string, string> $parameters */
    public function with(array $parameters): self
    {
        return new self($this->method, $this->path, $this->headers, $this->query, $this->body, $parameters);
    }

    public function header(string $name): string
    {
        return $this->headers[strtolower($name)] ?? '';
    }

    /**
     * The body as a JSON object.
     *
     * @return array<string, mixed>
     * @throws HttpError 415 for another type, 400 for anything that is not an object
     */
    public function json(): array
    {
        if (!preg_match('~^application/(json|[\w.-]+\+json)\s*(;|$)~i', $this->header('content-type'))) {
            throw new HttpError(415, 'the body must be application/json');
        }
        try {
            $value = json_decode($this->body, false, 32, JSON_THROW_ON_ERROR);
        } catch (JsonException $e) {
            throw new HttpError(400, 'the body is not valid JSON: ' . lcfirst($e->getMessage()));
        }
        if (!is_object($value)) {
            throw new HttpError(400, 'the body must be a JSON object');
        }
        return get_object_vars($value);
    }
}
