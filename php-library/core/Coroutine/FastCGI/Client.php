<?php

declare(strict_types=1);

namespace Swoole\Coroutine\FastCGI;

use Swoole\Coroutine\FastCGI\Client\Exception;
use Swoole\Coroutine\Socket;
use Swoole\FastCGI\FrameParser;
use Swoole\FastCGI\HttpRequest;
use Swoole\FastCGI\HttpResponse;
use Swoole\FastCGI\Record\EndRequest;
use Swoole\FastCGI\Request;
use Swoole\FastCGI\Response;

/**
 * Talks to a FastCGI application, such as php-fpm.
 *
 * @short-alias Co\FastCGI\Client
 */
class Client
{
    protected int $af;

    protected string $host;

    protected int $port;

    protected bool $ssl;

    protected ?Socket $socket;

    /** @param string $host an IP address or a name, or `unix:` and the path of a socket */
    public function __construct(string $host, int $port = 0, bool $ssl = false)
    {
        $local = stripos($host, 'unix:/') === 0;
        $this->af = $local ? AF_UNIX : (str_contains($host, ':') ? AF_INET6 : AF_INET);
        $this->host = $local ? '/' . ltrim(substr($host, strlen('unix:')), '/') : $host;
        $this->port = $local ? 0 : $port;
        $this->ssl = $ssl;
    }

    /**
     * Sends a request and waits for the whole answer. A request that keeps the connection leaves it open for the next.
     *
     * @param float $timeout seconds to connect and for each record; without end when negative
     * @return Response|HttpResponse the latter for an {@see HttpRequest}
     * @throws Exception when there is no answer
     */
    public function execute(Request $request, float $timeout = -1): Response
    {
        $this->socket ??= $this->connect($timeout);
        $bytes = (string) $request;
        if ($this->socket->sendAll($bytes) !== strlen($bytes)) {
            $this->ioException();
        }
        $records = [];
        do {
            $received = $this->socket->recvPacket($timeout);
            if (!$received) {
                $this->ioException($received === '' ? SOCKET_ECONNRESET : null);
            }
            if (!FrameParser::hasFrame($received)) {
                $this->ioException(SOCKET_EPROTO);
            }
            while ($received !== '') {
                $records[] = $record = FrameParser::parseFrame($received);
            }
        } while (!$record instanceof EndRequest);
        if (!$request->getKeepConn()) {
            $this->socket->close();
            $this->socket = null;
        }
        return $request instanceof HttpRequest ? new HttpResponse($records) : new Response($records);
    }

    /**
     * Host and port of a URL such as `fcgi://127.0.0.1:9000`, or `unix:/run/php.sock`.
     *
     * @return array{string, int}
     * @throws \InvalidArgumentException
     */
    public static function parseUrl(string $url): array
    {
        $parts = parse_url($url) ?: [];
        if (!empty($parts['host'])) {
            return [$parts['host'], $parts['port'] ?? 0];
        }
        if (empty($parts['path'])) {
            throw new \InvalidArgumentException('Invalid url');
        }
        return ["unix:/{$parts['path']}", $parts['port'] ?? 0];
    }

    /**
     * Lets an application run a script.
     *
     * @param string $url see {@see parseUrl()}
     * @param string $path of the script, with a query behind `?`
     * @param string|array $data body of the request; the method is POST when there is one, else GET
     * @return string body of the answer
     * @throws Exception when there is no answer
     */
    public static function call(string $url, string $path, $data = '', float $timeout = -1): string
    {
        $parts = parse_url($path) ?: [];
        $file = $parts['path'] ?? '';
        $query = $parts['query'] ?? '';
        $uri = '/' . basename($file);
        $request = (new HttpRequest())
            ->withDocumentRoot(dirname($file))
            ->withScriptFilename($file)
            ->withScriptName($uri)
            ->withDocumentUri($uri)
            ->withRequestUri($query === '' ? $uri : "$uri?$query")
            ->withQueryString($query)
            ->withBody($data);
        $request->withMethod($request->getContentLength() === 0 ? 'GET' : 'POST');
        return (new self(...static::parseUrl($url)))->execute($request, $timeout)->getBody();
    }

    /**
     * Closes the connection and throws what went wrong with it.
     *
     * @param int|null $errno when the connection itself does not say
     */
    protected function ioException(?int $errno = null): void
    {
        $socket = $this->socket;
        $this->socket = null;
        $code = $errno ?? $socket->errCode;
        $text = $errno === null ? $socket->errMsg : swoole_strerror($errno);
        $socket->close();
        throw new Exception($text, $code);
    }

    private function connect(float $timeout): Socket
    {
        if (!class_exists(Socket::class)) {
            throw new \Swoole\Error('Swoole\Coroutine\Socket is not in this release, and the FastCGI client needs it');
        }
        $this->socket = $socket = new Socket($this->af, SOCK_STREAM, IPPROTO_IP);
        $socket->setProtocol(['open_ssl' => $this->ssl, 'open_fastcgi_protocol' => true]);
        if (!$socket->connect($this->host, $this->port, $timeout)) {
            $this->ioException();
        }
        return $socket;
    }
}
