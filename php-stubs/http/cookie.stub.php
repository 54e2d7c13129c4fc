<?php

namespace Swoole\Http;

/**
 * A cookie, described step by step and given to `Response::cookie()`.
 *
 * @native Cookie
 * @not-serializable
 */
class Cookie
{
    /** @param bool $encode whether the value is url-encoded */
    public function __construct(bool $encode = true)
    {
    }

    /** Sets the name; without one there is no cookie. */
    public function withName(string $name): Cookie
    {
    }

    /**
     * Sets the value; an empty one deletes the cookie in the browser.
     *
     * @required 1
     */
    public function withValue(string $value = ""): Cookie
    {
    }

    /** Sets when it ends, in seconds since 1970; with 0 it ends with the browser's session. */
    public function withExpires(int $expires = 0): Cookie
    {
    }

    /**
     * Sets the path below which it is sent back.
     *
     * @required 1
     */
    public function withPath(string $path = "/"): Cookie
    {
    }

    /**
     * Sets the domain to which it is sent back.
     *
     * @required 1
     */
    public function withDomain(string $domain = ""): Cookie
    {
    }

    /** Whether it is sent over TLS alone. */
    public function withSecure(bool $secure = false): Cookie
    {
    }

    /** Whether scripts in the browser cannot see it. */
    public function withHttpOnly(bool $httpOnly = false): Cookie
    {
    }

    /**
     * Sets `SameSite`: `Lax`, `Strict` or `None`.
     *
     * @required 1
     */
    public function withSameSite(string $sameSite = ""): Cookie
    {
    }

    /**
     * Sets `Priority`: `Low`, `Medium` or `High`.
     *
     * @required 1
     */
    public function withPriority(string $priority = ""): Cookie
    {
    }

    /** Whether each site that embeds the page gets a cookie of its own. */
    public function withPartitioned(bool $partitioned = false): Cookie
    {
    }

    /** The text after `Set-Cookie: `. False, with a warning and everything forgotten, when name or values cannot be sent. */
    public function toString(): string|false
    {
    }

    /** Everything that was set, by the names of the methods: `name`, `value`, `path`, ..., `partitioned`. */
    public function toArray(): array
    {
    }

    /** Forgets everything that was set; the value is encoded from now on. */
    public function reset(): void
    {
    }
}
