--TEST--
Look-ups of names give the same inside of coroutines as outside
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

$look_up = static fn () => [
    gethostbyname('localhost'),
    gethostbyname('127.0.0.1'),
    gethostbyname('no such name'),
    gethostbynamel('localhost'),
    gethostbyaddr('127.0.0.1'),
    @gethostbyaddr('192.0.2.1.2'),
    @stream_socket_client('tcp://localhost:1', $errno, $error) === false && $errno === SOCKET_ECONNREFUSED,
    count(socket_addrinfo_lookup('localhost', '80', ['ai_socktype' => SOCK_STREAM])),
];
$outside = $look_up();
$inside = [];
seconds_of(20, static function () use ($look_up, &$inside): void {
    $inside[] = $look_up();
});
var_dump(count($inside) === 20, array_unique($inside, SORT_REGULAR) === [$outside]);
echo $outside[0], "\n";
--EXPECT--
bool(true)
bool(true)
127.0.0.1
