--TEST--
A coroutine that is cancelled inside of C code leaves at once, with that code's own error, and leaves nothing open
--EXTENSIONS--
curl
mysqli
pdo_mysql
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

// It accepts, by its backlog, and never answers.
$silent = stream_socket_server('tcp://127.0.0.1:0');
$port = (int) substr(strrchr(stream_socket_get_name($silent, false), ':'), 1);
$lock = tempnam(sys_get_temp_dir(), 'steelwool');
[$host, $mysql, $user, $password, $database] = array_map(
    static fn (string $name) => getenv("STEELWOOL_MYSQL_$name"),
    ['HOST', 'PORT', 'USER', 'PASSWORD', 'DATABASE'],
);

function show_canceled(string $what, Closure $call): void
{
    $ended = 0.0;
    $id = go(static function () use ($what, $call, &$ended): void {
        try {
            $result = json_encode($call());
        } catch (Exception $exception) {
            $result = $exception::class . ': ' . $exception->getMessage();
        }
        $ended = microtime(true);
        echo "$what: $result\n";
    });
    Swoole\Coroutine::sleep(0.03);
    $start = microtime(true);
    expect(Swoole\Coroutine::cancel($id), 'cancel');
    while ($ended === 0.0 && microtime(true) < $start + 2) {
        Swoole\Coroutine::sleep(0.002);
    }
    expect($ended !== 0.0, "$what took long");
}

seconds_of(1, static function () use ($silent, $port, $lock, $host, $mysql, $user, $password, $database): void {
    Swoole\Coroutine::sleep(0.001);
    shell_exec('true');
    // What the first wait opens, it keeps.
    $read = [$silent];
    stream_select($read, $none, $none, 0, 1000);
    $descriptors = count(scandir('/proc/self/fd'));
    show_canceled('sleep', static fn () => sleep(5));
    show_canceled('usleep', static fn () => usleep(5_000_000));
    show_canceled('time_nanosleep', static fn () => time_nanosleep(5, 0));
    show_canceled('curl', static function () use ($port) {
        $curl = curl_init("http://127.0.0.1:$port/");
        return [curl_exec($curl), curl_errno($curl) !== 0];
    });
    show_canceled('curl_multi', static function () use ($port) {
        $multi = curl_multi_init();
        curl_multi_add_handle($multi, curl_init("http://127.0.0.1:$port/"));
        curl_multi_exec($multi, $running);
        while (($selected = curl_multi_select($multi, 5)) >= 0) {
            curl_multi_exec($multi, $running);
        }
        return $selected;
    });
    show_canceled('HTTP stream', static fn () => @file_get_contents("http://127.0.0.1:$port/"));
    show_canceled('fgets', static fn () => fgets(stream_socket_client("tcp://127.0.0.1:$port")));
    show_canceled('accept', static fn () => @stream_socket_accept(stream_socket_server('tcp://127.0.0.1:0'), 5));
    show_canceled('select', static function () use ($port) {
        $read = [stream_socket_client("tcp://127.0.0.1:$port")];
        return @stream_select($read, $none, $none, 5);
    });
    show_canceled('socket_read', static function () use ($port) {
        $socket = socket_create(AF_INET, SOCK_STREAM, 0);
        socket_connect($socket, '127.0.0.1', $port);
        return [@socket_read($socket, 10), socket_last_error($socket) === SOCKET_ECANCELED];
    });
    show_canceled('PDO MySQL', static function () use ($host, $mysql, $user, $password, $database) {
        return (new PDO("mysql:host=$host;port=$mysql;dbname=$database", $user, $password))->query('SELECT SLEEP(5)');
    });
    show_canceled('mysqli', static function () use ($host, $mysql, $user, $password, $database) {
        return (new mysqli($host, $user, $password, $database, (int) $mysql))->query('SELECT SLEEP(5)');
    });
    show_canceled('proc_close', static fn () => proc_close(proc_open(['sleep', '0.3'], [], $pipes)));
    show_canceled('exec', static fn () => @exec('sleep 0.3'));
    show_canceled('pclose', static fn () => pclose(popen('sleep 0.3', 'w')));
    $holder = fopen($lock, 'c');
    flock($holder, LOCK_EX);
    show_canceled('flock', static fn () => flock(fopen($lock, 'c'), LOCK_EX));
    fclose($holder);
    // The children end by themselves.
    for ($i = 0; $i < 200; $i++) {
        Swoole\Coroutine::sleep(0.1);
        gc_collect_cycles();
        $more = count(scandir('/proc/self/fd')) - $descriptors;
        if ($more <= 0) {
            break;
        }
    }
    echo $more <= 0 ? "nothing left open\n" : "$more descriptors more\n";
});
unlink($lock);
--EXPECT--
sleep: 5
usleep: null
time_nanosleep: true
curl: [false,true]
curl_multi: -1
HTTP stream: false
fgets: false
accept: false
select: false
socket_read: [false,true]
PDO MySQL: PDOException: SQLSTATE[HY000]: General error: 2006 MySQL server has gone away
mysqli: mysqli_sql_exception: MySQL server has gone away
proc_close: -1
exec: ""
pclose: -1
flock: false
nothing left open
