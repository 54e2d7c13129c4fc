--TEST--
A curl handle belongs to the coroutine that executes it; a cancelled transfer was aborted by a callback
--EXTENSIONS--
curl
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

use Swoole\Coroutine\Channel;

/** Answers when it is told to. */
final class Answers
{
    /** @var resource */
    public $listener;
    public int $port;
    public Channel $asked;
    public Channel $answer;

    public function __construct()
    {
        $this->listener = stream_socket_server('tcp://127.0.0.1:0');
        $this->port = (int) substr(strrchr(stream_socket_get_name($this->listener, false), ':'), 1);
        $this->asked = new Channel(16);
        $this->answer = new Channel(16);
        go(function (): void {
            while (is_resource($this->listener) && ($connection = @stream_socket_accept($this->listener, 60))) {
                go(function () use ($connection): void {
                    fread($connection, 8192);
                    $this->asked->push(true);
                    if ($this->answer->pop() === true) {
                        fwrite($connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok");
                    }
                    fclose($connection);
                });
            }
        });
    }

    public function handle(): CurlHandle
    {
        $curl = curl_init("http://127.0.0.1:$this->port/");
        curl_setopt($curl, CURLOPT_RETURNTRANSFER, true);
        return $curl;
    }
}

/** Runs `$call` in a coroutine and prints what it returns or throws. */
function show(string $what, Closure $call): void
{
    go(static function () use ($what, $call): void {
        try {
            $result = json_encode($call());
        } catch (Throwable $error) {
            $result = $error::class . " ({$error->getCode()}): " . preg_replace('/#\d+/', '#N', $error->getMessage());
        }
        echo "$what: $result\n";
    });
}

seconds_of(1, static function (): void {
    $server = new Answers();
    $curl = $server->handle();
    $ended = new Channel(1);
    $execute = static function () use ($curl, $ended): void {
        $ended->push([curl_exec($curl), curl_errno($curl), curl_error($curl), swoole_last_error()]);
    };

    go($execute);
    $server->asked->pop();
    show('curl_exec', static fn () => curl_exec($curl));
    // It does nothing by itself, and PHP 8.5 says so.
    show('curl_close', static fn () => @curl_close($curl));
    show('curl_reset', static fn () => curl_reset($curl));
    show('curl_copy_handle', static fn () => curl_copy_handle($curl));
    show('curl_escape', static fn () => curl_escape($curl, 'a b'));
    show('curl_unescape', static fn () => curl_unescape($curl, 'a%20b'));
    show('curl_pause', static fn () => curl_pause($curl, CURLPAUSE_CONT));
    show('curl_multi_add_handle', static fn () => curl_multi_add_handle(curl_multi_init(), $curl));
    show('curl_getinfo', static fn () => curl_getinfo($curl, CURLINFO_HTTP_CODE));
    show('another handle', static fn () => curl_escape(curl_init(), 'a b'));
    $server->answer->push(true);
    echo 'first: ', json_encode(array_slice($ended->pop(), 0, 3)), "\n";
    show('curl_escape afterwards', static fn () => curl_escape($curl, 'a b'));

    $id = go($execute);
    $server->asked->pop();
    expect(Swoole\Coroutine::cancel($id), 'cancel');
    echo 'cancelled: ', json_encode($ended->pop()), ' ', SWOOLE_ERROR_CO_CANCELED, "\n";
    $server->answer->push(false);
    echo 'a copy: ', curl_errno(curl_copy_handle($curl)), "\n";

    go($execute);
    $server->asked->pop();
    $server->answer->push(true);
    echo 'again: ', json_encode(array_slice($ended->pop(), 0, 3)), "\n";

    $multi = curl_multi_init();
    curl_multi_add_handle($multi, $curl);
    $id = go(static function () use ($multi, $ended): void {
        do {
            curl_multi_exec($multi, $running);
            $selected = curl_multi_select($multi, 60);
        } while ($selected >= 0);
        $ended->push([$selected, swoole_last_error()]);
    });
    $server->asked->pop();
    show('curl_multi_select', static fn () => curl_multi_select($multi, 60));
    expect(Swoole\Coroutine::cancel($id), 'cancel');
    echo 'cancelled: ', json_encode($ended->pop()), "\n";
    $server->answer->push(false);
    curl_multi_remove_handle($multi, $curl);
    fclose($server->listener);
});

// What nobody catches is said with the place where the other coroutine stands.
$output = run_php('<?php
    Swoole\Coroutine::set(["hook_flags" => SWOOLE_HOOK_ALL]);
    Swoole\Coroutine\run(static function (): void {
        $listener = stream_socket_server("tcp://127.0.0.1:0");
        $curl = curl_init("http://" . stream_socket_get_name($listener, false));
        go(static fn () => curl_exec($curl));
        curl_exec($curl);
    });
')['out'];
echo preg_replace(['/\{closure.*\}/', '/ in \S+:\d+/', '~#(\d) \S+\(\d+\)~', '~thrown in .*~'], ['{closure}', ' in FILE', '#$1 FILE', 'thrown'], $output);
--EXPECT--
curl_exec: Swoole\Error (10002): This cURL handle is currently executing in coroutine#N, cannot be operated
curl_close: Swoole\Error (10002): This cURL handle is currently executing in coroutine#N, cannot be operated
curl_reset: Swoole\Error (10002): This cURL handle is currently executing in coroutine#N, cannot be operated
curl_copy_handle: Swoole\Error (10002): This cURL handle is currently executing in coroutine#N, cannot be operated
curl_escape: Swoole\Error (10002): This cURL handle is currently executing in coroutine#N, cannot be operated
curl_unescape: Swoole\Error (10002): This cURL handle is currently executing in coroutine#N, cannot be operated
curl_pause: Swoole\Error (10002): This cURL handle is currently executing in coroutine#N, cannot be operated
curl_multi_add_handle: Swoole\Error (10002): This cURL handle is currently executing in coroutine#N, cannot be operated
curl_getinfo: 0
another handle: "a%20b"
first: ["ok",0,""]
curl_escape afterwards: "a%20b"
cancelled: [false,42,"Operation was aborted by an application callback",10017] 10017
a copy: 0
again: ["ok",0,""]
curl_multi_select: Swoole\Error (10002): This cURL handle is currently executing in coroutine#N, cannot be operated
cancelled: [-1,10017]

Fatal error: Uncaught Swoole\Error: This cURL handle is currently executing in coroutine#2, cannot be operated in FILE
Stack trace:
#0 FILE: curl_exec(Object(CurlHandle))
#1 [internal function]: {closure}()
#2 {main}
  thrown

 [Coroutine-2] Stack trace:
 -------------------------------------------------------------------
#0 FILE: curl_exec(Object(CurlHandle))
#1 [internal function]: {closure}()
