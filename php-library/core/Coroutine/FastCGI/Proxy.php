<?php

declare(strict_types=1);

namespace Swoole\Coroutine\FastCGI;

use Swoole\FastCGI\HttpRequest;
use Swoole\FastCGI\HttpResponse;
use Swoole\Http;

/**
 * Passes requests of an HTTP server on to a FastCGI application, and its answers back. Files that are no scripts are sent by itself.
 *
 * Each `with` method changes the proxy and returns it.
 *
 * @short-alias Co\FastCGI\Proxy
 */
class Proxy
{
    /** @var string */
    protected $host;

    /** @var int */
    protected $port;

    /** @var float */
    protected $timeout = -1;

    /** @var string */
    protected $documentRoot;

    /** @var bool */
    protected $https = false;

    /** @var string */
    protected $index = 'index.php';

    /** @var array<string, string> */
    protected $params = [];

    /** @var callable|null */
    protected $staticFileFilter;

    /**
     * @param string $url of the application, see {@see Client::parseUrl()}
     * @param string $documentRoot the folder that the paths of requests are below
     */
    public function __construct(string $url, string $documentRoot = '/')
    {
        [$this->host, $this->port] = Client::parseUrl($url);
        $this->documentRoot = $documentRoot;
        $this->staticFileFilter = $this->staticFileFiltrate(...);
    }

    /** @param float $timeout seconds to wait for the application; without end when negative */
    public function withTimeout(float $timeout): self
    {
        $this->timeout = $timeout;
        return $this;
    }

    /** @param bool $https whether scripts are to believe that they are asked through TLS */
    public function withHttps(bool $https): self
    {
        $this->https = $https;
        return $this;
    }

    /** @param string $index the script of a path without an extension; empty for none */
    public function withIndex(string $index): self
    {
        $this->index = $index;
        return $this;
    }

    public function getParam(string $name): ?string
    {
        return $this->params[$name] ?? null;
    }

    public function withParam(string $name, string $value): self
    {
        $this->params[$name] = $value;
        return $this;
    }

    public function withoutParam(string $name): self
    {
        unset($this->params[$name]);
        return $this;
    }

    /** @return array<string, string> parameters that each request gets */
    public function getParams(): array
    {
        return $this->params;
    }

    /** @param array<string, string> $params replace all others */
    public function withParams(array $params): self
    {
        $this->params = $params;
        return $this;
    }

    /** @param array<string, string> $params replace those of the same names */
    public function withAddedParams(array $params): self
    {
        $this->params = $params + $this->params;
        return $this;
    }

    /** @param callable|null $filter called with the request and the answer to make: true if it has answered. Null for none */
    public function withStaticFileFilter(?callable $filter): self
    {
        $this->staticFileFilter = $filter;
        return $this;
    }

    /** What the application is to be asked for a request of the HTTP server. */
    public function translateRequest(Http\Request $userRequest): HttpRequest
    {
        $server = $userRequest->server;
        $headers = $userRequest->header ?? [];
        $file = '/' . ltrim($server['path_info'], '/');
        if ($this->index !== '' && pathinfo($file, PATHINFO_EXTENSION) === '') {
            $file = rtrim($file, '/') . '/' . $this->index;
        }
        $uri = $server['request_uri'];
        $query = $server['query_string'] ?? '';
        $request = (new HttpRequest())
            ->withDocumentRoot($this->documentRoot)
            ->withScriptFilename($this->documentRoot . $file)
            ->withScriptName($uri)
            ->withDocumentUri($uri)
            ->withRequestUri($query === '' ? $uri : "$uri?$query")
            ->withQueryString($query)
            ->withServerProtocol($server['server_protocol'])
            ->withServerAddr('127.0.0.1')
            ->withServerPort((int) $server['server_port'])
            ->withRemoteAddr($server['remote_addr'])
            ->withRemotePort((int) $server['remote_port'])
            ->withMethod($server['request_method'])
            ->withContentType($headers['content-type'] ?? '')
            ->withHeaders($headers)
            ->withBody((string) $userRequest->rawContent());
        $request->withAddedParams($this->params);
        if ($this->https) {
            $request->withParam('HTTPS', '1');
        }
        return $request;
    }

    /** Answers as the application did. */
    public function translateResponse(HttpResponse $response, Http\Response $userResponse): void
    {
        $userResponse->status($response->getStatusCode(), $response->getReasonPhrase());
        foreach ($response->getHeaders() as $name => $value) {
            $userResponse->header($name, $value);
        }
        $cookies = $response->getSetCookieHeaderLines();
        if ($cookies !== []) {
            $userResponse->header('Set-Cookie', $cookies);
        }
        $userResponse->end($response->getBody());
    }

    /**
     * Answers a request of the HTTP server.
     *
     * @param Http\Request|HttpRequest $userRequest the latter to be sent as it is
     * @throws Client\Exception when the application does not answer
     */
    public function pass(Http\Request|HttpRequest $userRequest, Http\Response $userResponse): void
    {
        $request = $userRequest instanceof HttpRequest ? $userRequest : $this->translateRequest($userRequest);
        if ($this->staticFileFilter !== null && ($this->staticFileFilter)($request, $userResponse)) {
            return;
        }
        $response = (new Client($this->host, $this->port))->execute($request, $this->timeout);
        $this->translateResponse($response, $userResponse);
    }

    /** Sends a file of the document root that is no PHP script, 404 if there is none; false for a script. */
    public function staticFileFiltrate(HttpRequest $request, Http\Response $userResponse): bool
    {
        $file = $request->getScriptFilename();
        if (pathinfo($file, PATHINFO_EXTENSION) === 'php') {
            return false;
        }
        $path = realpath($file);
        $root = rtrim((string) realpath($this->documentRoot), '/') . '/';
        if ($path === false || !str_starts_with($path, $root) || !is_file($path)) {
            $userResponse->status(404);
            $userResponse->end();
        } else {
            $userResponse->sendfile($path);
        }
        return true;
    }
}
