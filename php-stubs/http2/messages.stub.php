<?php

namespace Swoole\Http2;

/**
 * A request for `Swoole\Coroutine\Http2\Client::send()`.
 *
 * @not-serializable
 */
class Request
{
    /** Path and query. */
    public $path = "/";
    /** The method. */
    public $method = "GET";
    /** Headers by name. */
    public $headers = null;
    /** Cookies by name. */
    public $cookies = null;
    /** The body: a string, or an array that is sent as a form. */
    public $data = "";
    /** Whether more of the body follows with `write()`. */
    public $pipeline = false;
    /** Whether `recv()` hands out the reply's body as it comes. */
    public $usePipelineRead = false;
}

/**
 * A reply that `Swoole\Coroutine\Http2\Client` has received, or a part of one.
 *
 * @not-serializable
 */
class Response
{
    /** The stream of the request. */
    public $streamId = 0;
    /** Why the server gave the stream up. */
    public $errCode = 0;
    /** The status, or `SWOOLE_HTTP_CLIENT_ESTATUS_SERVER_RESET`. */
    public $statusCode = 0;
    /** Whether more of the reply follows. */
    public $pipeline = false;
    /** Headers by name, and trailers. */
    public $headers = null;
    /** The reply's `Set-Cookie` headers. */
    public $set_cookie_headers = null;
    /** Cookies by name. */
    public $cookies = null;
    /** The body. */
    public $data = null;
}
