<?php

namespace Swoole\Http;

/**
 * The answer to an HTTP request.
 *
 * When it is destroyed before `end()` it ends by itself; with 500, unless a status was set.
 *
 * @native Response
 * @not-serializable
 */
class Response
{
    /** Number of the connection. */
    public $fd = 0;
    /** The connection, for protocols beyond HTTP. */
    public $socket = null;
    /** Headers set so far, or null. */
    public $header = null;
    /** Set-Cookie lines so far, or null. */
    public $cookie = null;
    /** Trailers set so far, or null. */
    public $trailer = null;

    /** Makes the arrays `$header`, `$cookie` and `$trailer`. */
    public function initHeader(): bool
    {
    }

    /** Whether the answer has not been ended. */
    public function isWritable(): bool
    {
    }

    /** Adds a cookie; its value is url-encoded. An empty value deletes it in the browser. */
    public function cookie(Cookie|string $name_or_object, string $value = "", int $expires = 0, string $path = "/", string $domain = "", bool $secure = false, bool $httponly = false, string $samesite = "", string $priority = "", bool $partitioned = false): bool
    {
    }

    /**
     * As `cookie()`.
     *
     * @rust cookie
     */
    public function setCookie(Cookie|string $name_or_object, string $value = "", int $expires = 0, string $path = "/", string $domain = "", bool $secure = false, bool $httponly = false, string $samesite = "", string $priority = "", bool $partitioned = false): bool
    {
    }

    /** Adds a cookie whose value is taken as it is. */
    public function rawcookie(Cookie|string $name_or_object, string $value = "", int $expires = 0, string $path = "/", string $domain = "", bool $secure = false, bool $httponly = false, string $samesite = "", string $priority = "", bool $partitioned = false): bool
    {
    }

    /**
     * As `rawcookie()`.
     *
     * @rust rawcookie
     */
    public function setRawCookie(Cookie|string $name_or_object, string $value = "", int $expires = 0, string $path = "/", string $domain = "", bool $secure = false, bool $httponly = false, string $samesite = "", string $priority = "", bool $partitioned = false): bool
    {
    }

    /** Sets the status code, and other words than the usual ones for it. */
    public function status(int $http_code, string $reason = ""): bool
    {
    }

    /**
     * As `status()`.
     *
     * @rust status
     */
    public function setStatusCode(int $http_code, string $reason = ""): bool
    {
    }

    /**
     * Sets a header; an array becomes several lines.
     *
     * @param bool $format whether the name is written Like-This in {@see $header}
     */
    public function header(string $key, array|string $value, bool $format = true): bool
    {
    }

    /**
     * As `header()`.
     *
     * @rust header
     */
    public function setHeader(string $key, array|string $value, bool $format = true): bool
    {
    }

    /** Sends a part of the body, waiting while the client is slow. False when the client is gone or the answer has ended. */
    public function write(string $content): bool
    {
    }

    /** Sends the body, or its last part after `write()`. False when the client is gone or the answer has ended before. */
    public function end(?string $content = null): bool
    {
    }

    /** Sends the client elsewhere and ends the answer. */
    public function redirect(string $location, int $http_code = 302): bool
    {
    }
}
