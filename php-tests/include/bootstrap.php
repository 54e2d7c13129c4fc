<?php

declare(strict_types=1);

/**
 * Helpers for the phpt files: `require __DIR__ . '/../include/bootstrap.php';`
 *
 * Nothing here uses the extension under test, so a test may run its client in a plain process and its server in a child.
 */

require_once __DIR__ . '/RawWebSocket.php';
require_once __DIR__ . '/ServerProcess.php';

/** The command line that runs PHP with the extension and the ini settings of this very process. */
function php_command(array $ini = []): array
{
    $command = [PHP_BINARY];
    $given = explode("\0", rtrim((string) file_get_contents('/proc/self/cmdline'), "\0"));
    for ($i = 1; $i < count($given); $i++) {
        if ($given[$i] === '-n') {
            $command[] = '-n';
        } elseif (($given[$i] === '-d' || $given[$i] === '-c') && isset($given[$i + 1])) {
            array_push($command, $given[$i], $given[++$i]);
        } elseif (str_starts_with($given[$i], '-d') || str_starts_with($given[$i], '-c')) {
            $command[] = $given[$i];
        } elseif ($given[$i] === '--' || !str_starts_with($given[$i], '-')) {
            break;
        }
    }
    foreach ($ini as $key => $value) {
        array_push($command, '-d', is_int($key) ? $value : "$key=$value");
    }
    return $command;
}

/** A file that holds `$code` and is removed when this process ends; the opening tag is added when it is missing. */
function script_file(string $code): string
{
    $path = tempnam(sys_get_temp_dir(), 'steelwool');
    file_put_contents($path, str_starts_with($code, '<?php') ? $code : "<?php\n$code");
    $owner = getmypid();
    register_shutdown_function(static function () use ($path, $owner): void {
        if (getmypid() === $owner) {
            @unlink($path);
        }
    });
    return $path;
}

/**
 * Runs `$code` in a child PHP with this process's extension and ini.
 *
 * @return array{out: string, code: int, signal: int} standard output and error together; `code` is -1 after a signal,
 *     and `signal` is SIGKILL when the child was stopped after `$seconds`
 */
function run_php(string $code, array $ini = [], array $env = [], float $seconds = 60.0, array $arguments = []): array
{
    $command = [...php_command($ini), script_file($code), ...$arguments];
    $process = proc_open(
        $command,
        [['file', '/dev/null', 'r'], ['pipe', 'w'], ['redirect', 1]],
        $pipes,
        null,
        $env + getenv(),
    );
    stream_set_blocking($pipes[1], false);
    $end = microtime(true) + $seconds;
    $out = '';
    while (!feof($pipes[1])) {
        $left = $end - microtime(true);
        if ($left <= 0) {
            proc_terminate($process, SIGKILL);
            break;
        }
        $read = [$pipes[1]];
        $none = [];
        if (@stream_select($read, $none, $none, (int) $left, (int) (fmod($left, 1) * 1e6))) {
            $out .= fread($pipes[1], 65536);
        }
    }
    $out .= stream_get_contents($pipes[1]);
    do {
        $status = proc_get_status($process);
    } while ($status['running'] && usleep(2000) === null);
    proc_close($process);
    return [
        'out' => $out,
        'code' => $status['signaled'] ? -1 : $status['exitcode'],
        'signal' => $status['signaled'] ? $status['termsig'] : 0,
    ];
}

/** Runs `$code` as `run_php` does and prints its output and how it ended. */
function show_php(string $code, array $ini = [], array $env = [], float $seconds = 60.0): void
{
    $end = run_php($code, $ini, $env, $seconds);
    echo $end['out'], str_ends_with($end['out'], "\n") || $end['out'] === '' ? '' : "\n";
    echo $end['signal'] === 0 ? "exit code {$end['code']}\n" : "signal {$end['signal']}\n";
}

/** A TCP port on 127.0.0.1 that was free a moment ago, and that this gives to nobody else while this process lives. */
function free_port(): int
{
    static $taken = [];
    do {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $name = stream_socket_get_name($socket, false);
        $port = (int) substr($name, strrpos($name, ':') + 1);
        $mark = @stream_socket_server("udg://\0steelwool-port-$port", $errno, $error, STREAM_SERVER_BIND);
        fclose($socket);
    } while ($mark === false);
    $taken[] = $mark;
    return $port;
}

/** Waits until `$port` on 127.0.0.1 accepts; false when it did not within `$seconds`. */
function wait_for_port(int $port, float $seconds = 10.0): bool
{
    $end = microtime(true) + $seconds;
    do {
        $socket = @stream_socket_client("tcp://127.0.0.1:$port", $errno, $error, 1.0);
        if ($socket !== false) {
            fclose($socket);
            return true;
        }
        usleep(5000);
    } while (microtime(true) < $end);
    return false;
}

/** Sends raw bytes on a new connection and returns all that comes back until the peer closes, or until `$seconds` of silence. */
function raw_request(int $port, string $bytes, float $seconds = 5.0): string
{
    $socket = connect_to($port, $seconds);
    fwrite($socket, $bytes);
    $reply = '';
    while (!feof($socket)) {
        $part = fread($socket, 65536);
        if ($part === '' || $part === false) {
            break;
        }
        $reply .= $part;
    }
    fclose($socket);
    return $reply;
}

/** An open client connection to 127.0.0.1 with a read time-out. @return resource */
function connect_to(int $port, float $seconds = 5.0)
{
    $socket = stream_socket_client("tcp://127.0.0.1:$port", $errno, $error, $seconds);
    if ($socket === false) {
        throw new RuntimeException("cannot connect to port $port: $error");
    }
    stream_set_timeout($socket, (int) $seconds, (int) (fmod($seconds, 1) * 1e6));
    return $socket;
}

/**
 * Reads exactly one HTTP/1.1 answer from an open connection: content-length, chunked or until close.
 *
 * @param resource $socket
 * @return array{status: int, reason: string, headers: array<string, string|list<string>>, body: string}|null header names in
 *     lower case, repeated ones as a list; null when the connection closed first
 */
function read_response($socket, bool $head = false): ?array
{
    $line = fgets($socket);
    if ($line === false || !preg_match('~^HTTP/1\.[01] (\d{3}) ?(.*?)\r\n$~', $line, $match)) {
        return null;
    }
    $headers = [];
    while (($line = fgets($socket)) !== false && $line !== "\r\n") {
        [$name, $value] = explode(':', rtrim($line, "\r\n"), 2) + [1 => ''];
        $name = strtolower($name);
        $value = trim($value);
        $headers[$name] = isset($headers[$name]) ? [...(array) $headers[$name], $value] : $value;
    }
    $status = (int) $match[1];
    $body = '';
    if ($head || $status === 204 || $status === 304 || $status < 200) {
        // no body follows
    } elseif (strtolower($headers['transfer-encoding'] ?? '') === 'chunked') {
        do {
            $line = fgets($socket);
            if ($line === false) {
                return null;
            }
            $size = (int) hexdec(trim($line));
            $body .= read_exactly($socket, $size);
            fgets($socket);
        } while ($size > 0);
    } elseif (isset($headers['content-length'])) {
        $body = read_exactly($socket, (int) $headers['content-length']);
    } else {
        $body = (string) stream_get_contents($socket);
    }
    return ['status' => $status, 'reason' => $match[2], 'headers' => $headers, 'body' => $body];
}

/** Reads `$length` bytes, fewer only when the peer closed or went silent. @param resource $socket */
function read_exactly($socket, int $length): string
{
    $data = '';
    while (strlen($data) < $length) {
        $part = fread($socket, $length - strlen($data));
        if ($part === '' || $part === false) {
            break;
        }
        $data .= $part;
    }
    return $data;
}

/**
 * One HTTP/1.1 request on a connection of its own.
 *
 * @param array<string, string> $headers
 * @return array{status: int, reason: string, headers: array<string, string|list<string>>, body: string}|null
 */
function http_request(
    int $port,
    string $path = '/',
    string $method = 'GET',
    array $headers = [],
    string $body = '',
    float $seconds = 5.0,
): ?array {
    $socket = connect_to($port, $seconds);
    fwrite($socket, request_bytes($path, $method, $headers + ['Connection' => 'close'], $body));
    $response = read_response($socket, $method === 'HEAD');
    fclose($socket);
    return $response;
}

/** The bytes of one HTTP/1.1 request; Host, and Content-Length for a body, are added when they are missing. */
function request_bytes(string $path = '/', string $method = 'GET', array $headers = [], string $body = ''): string
{
    $headers += ['Host' => '127.0.0.1'];
    if ($body !== '') {
        $headers += ['Content-Length' => (string) strlen($body)];
    }
    $lines = '';
    foreach ($headers as $name => $value) {
        $lines .= "$name: $value\r\n";
    }
    return "$method $path HTTP/1.1\r\n$lines\r\n$body";
}

/** Bytes of resident memory of a process, from /proc. */
function resident_bytes(?int $pid = null): int
{
    $status = (string) file_get_contents('/proc/' . ($pid ?? 'self') . '/status');
    return preg_match('/^VmRSS:\s+(\d+) kB/m', $status, $match) ? 1024 * (int) $match[1] : 0;
}

/** A Python, for a shell's command line, that has this module: STEELWOOL_PYTHON, the first of the path, or Debian's. */
function python_with(string $module): string
{
    foreach (array_filter([getenv('STEELWOOL_PYTHON'), 'python3', '/usr/bin/python3']) as $python) {
        exec(escapeshellarg($python) . ' -c ' . escapeshellarg("import $module") . ' 2>/dev/null', $lines, $code);
        if ($code === 0) {
            return escapeshellarg($python);
        }
    }
    throw new RuntimeException("no Python has $module: apt-get install python3-$module");
}
