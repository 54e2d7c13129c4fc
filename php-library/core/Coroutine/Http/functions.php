<?php

declare(strict_types=1);

namespace Swoole\Coroutine\Http;

use Swoole\Coroutine\Http\Client\Exception;

/**
 * Sends an HTTP request and waits for the answer.
 *
 * The option of the library `http_client_driver` says how: `swoole` (the default, {@see request_with_http_client()}), `curl` or `stream`.
 *
 * @param mixed $data body of the request; an array is sent as a form
 * @param array|null $options for the client; `curl` knows `timeout` and `connect_timeout`, `stream` knows `timeout`, in seconds
 * @param array<string, string>|null $headers
 * @param array<string, string>|null $cookies
 * @throws Exception when there is no answer
 */
function request(
    string $url,
    string $method,
    mixed $data = null,
    ?array $options = null,
    ?array $headers = null,
    ?array $cookies = null,
): ClientProxy {
    return match (swoole_library_get_option('http_client_driver')) {
        'curl' => request_with_curl($url, $method, $data, $options, $headers, $cookies),
        'stream' => request_with_stream($url, $method, $data, $options, $headers, $cookies),
        default => request_with_http_client($url, $method, $data, $options, $headers, $cookies),
    };
}

/**
 * {@see request()} with {@see Client}, whose settings `$options` are.
 *
 * @throws Exception when there is no answer, or the URL is not one of HTTP
 */
function request_with_http_client(
    string $url,
    string $method,
    mixed $data = null,
    ?array $options = null,
    ?array $headers = null,
    ?array $cookies = null,
): ClientProxy {
    $parts = parse_url($url) ?: [];
    $secure = match ($parts['scheme'] ?? '') {
        '' => throw new Exception('The URL given is illegal [no scheme]'),
        'http' => false,
        'https' => true,
        default => throw new Exception("unknown scheme \"{$parts['scheme']}\""),
    };
    $client = new Client($parts['host'], $parts['port'] ?? ($secure ? 443 : 80), $secure);
    $client->setMethod($method);
    if ($data) {
        $client->setData($data);
    }
    $client->set($options ?? []);
    $client->setHeaders($headers ?? []);
    $client->setCookies($cookies ?? []);
    $query = $parts['query'] ?? '';
    if (!$client->execute(($parts['path'] ?? '/') . ($query === '' ? '' : "?$query"))) {
        throw new Exception($client->errMsg, $client->errCode);
    }
    return new ClientProxy($client->getBody(), $client->getStatusCode(), $client->getHeaders() ?: [], $client->getCookies() ?: []);
}

/**
 * {@see request()} with ext/curl.
 *
 * @param mixed $data body of the request; an array is sent as a form, with objects of `CURLFile` in it as a multipart one
 * @param array<string, string>|list<string>|null $headers by name, or as whole lines
 * @throws Exception when there is no answer; the code is curl's
 */
function request_with_curl(
    string $url,
    string $method,
    mixed $data = null,
    ?array $options = null,
    ?array $headers = null,
    ?array $cookies = null,
): ClientProxy {
    $answered = $set = [];
    $curl = curl_init($url) ?: throw new Exception('failed to curl_init');
    curl_setopt_array($curl, [
        CURLOPT_RETURNTRANSFER => true,
        CURLOPT_CUSTOMREQUEST => strtoupper($method),
        CURLOPT_HEADERFUNCTION => static function ($curl, string $line) use (&$answered, &$set): int {
            [$name, $value] = explode(':', $line, 2) + [1 => null];
            $name = strtolower(trim($name));
            if ($value !== null && $name === 'set-cookie') {
                [$cookie, $content] = explode('=', explode(';', $value, 2)[0], 2) + [1 => ''];
                $set[trim($cookie)] = trim($content);
            } elseif ($value !== null) {
                $answered[$name][] = trim($value);
            }
            return strlen($line);
        },
    ]);
    if ($data) {
        $files = is_array($data) && array_filter($data, is_object(...)) !== [];
        curl_setopt($curl, CURLOPT_POSTFIELDS, is_array($data) && !$files ? http_build_query($data) : $data);
    }
    if ($headers) {
        $lines = array_map(static fn ($name, $value) => is_int($name) ? $value : "$name: $value", array_keys($headers), $headers);
        curl_setopt($curl, CURLOPT_HTTPHEADER, $lines);
    }
    if ($cookies) {
        $pairs = array_map(static fn ($name, $value) => "$name=$value", array_keys($cookies), $cookies);
        curl_setopt($curl, CURLOPT_COOKIE, implode('; ', $pairs));
    }
    $connect = $options['connect_timeout'] ?? $options['timeout'] ?? null;
    if ($connect !== null) {
        curl_setopt($curl, CURLOPT_CONNECTTIMEOUT_MS, (int) ((float) $connect * 1000));
    }
    if (isset($options['timeout'])) {
        curl_setopt($curl, CURLOPT_TIMEOUT_MS, (int) ((float) $options['timeout'] * 1000));
    }
    $body = curl_exec($curl);
    if ($body === false) {
        throw new Exception(curl_error($curl), curl_errno($curl));
    }
    return new ClientProxy($body, curl_getinfo($curl, CURLINFO_RESPONSE_CODE), $answered, $set);
}

/**
 * {@see request()} with PHP's own streams. A status of 400 and more is no answer here; every other is reported as 200.
 *
 * @throws Exception when there is no answer
 */
function request_with_stream(
    string $url,
    string $method,
    mixed $data = null,
    ?array $options = null,
    ?array $headers = null,
    ?array $cookies = null,
): ClientProxy {
    $http = ['method' => $method, 'header' => ''];
    foreach ($headers ?? [] as $name => $value) {
        $http['header'] .= "$name: $value\r\n";
    }
    foreach ($cookies ?? [] as $name => $value) {
        $http['header'] .= "Cookie: $name=$value\r\n";
    }
    if (isset($options['timeout'])) {
        $http['timeout'] = (float) $options['timeout'];
    }
    if (is_array($data) && $data !== []) {
        $http['header'] .= "Content-type: application/x-www-form-urlencoded\r\n";
        $http['content'] = http_build_query($data);
    } elseif ($data) {
        $http['content'] = (string) $data;
    }
    $body = file_get_contents($url, false, stream_context_create(['http' => $http]));
    if ($body === false) {
        throw new Exception(error_get_last()['message'] ?? 'no answer');
    }
    return new ClientProxy($body, 200, [], []);
}

/** {@see request()} with the method POST. */
function post(string $url, mixed $data, ?array $options = null, ?array $headers = null, ?array $cookies = null): ClientProxy
{
    return request($url, 'POST', $data, $options, $headers, $cookies);
}

/** {@see request()} with the method GET. */
function get(string $url, ?array $options = null, ?array $headers = null, ?array $cookies = null): ClientProxy
{
    return request($url, 'GET', null, $options, $headers, $cookies);
}
