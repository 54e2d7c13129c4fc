<?php

namespace Swoole\Http;

/**
 * An HTTP request.
 *
 * Its arrays are made when they are first looked at.
 *
 * @native Request
 * @not-serializable
 */
class Request
{
    /** Number of the connection. */
    public $fd = 0;
    /** HTTP/2: number of the stream. */
    public $streamId = 0;
    /** Headers, names in lower case; repeated ones as a list. */
    public $header = null;
    /** `request_method`, `request_uri`, `path_info`, `query_string`, `request_time`, `remote_addr`, ... */
    public $server = null;
    /** Cookies, or null. */
    public $cookie = null;
    /** Parameters of the query string, or null. */
    public $get = null;
    /** Uploaded files, or null. */
    public $files = null;
    /** Fields of a form, or null. */
    public $post = null;
    /** Where uploaded files are, or null. */
    public $tmpfiles = null;

    /** The body. */
    public function getContent(): string|false
    {
    }

    /** The body. */
    public function rawContent(): string|false
    {
    }

    /** The whole request as it is sent: head and body. Header names are in lower case. */
    public function getData(): string|false
    {
    }

    /**
     * Makes an empty request to be fed with `parse()`.
     *
     * @param array $options `parse_cookie`, `parse_body`, `parse_files` (all true) and `upload_tmp_dir` (`/tmp`)
     */
    public static function create(array $options = []): Request
    {
    }

    /**
     * Feeds a request made by `create()` with what was received. Once its head is complete, `$header`, `$server`, `$get` and `$cookie`
     * are there; once its body is, the others.
     *
     * @return int|false how many bytes belong to this request; false when it was complete before, or this is no request
     */
    public function parse(string $data): int|false
    {
    }

    /** Whether the request has arrived completely. */
    public function isCompleted(): bool
    {
    }

    /** The method, in upper case. */
    public function getMethod(): string|false
    {
    }
}
