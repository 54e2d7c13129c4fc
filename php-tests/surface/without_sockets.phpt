--TEST--
without ext/sockets its constants are there all the same
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

preg_match('/-d\s*extension=(\S+)/', implode(' ', php_command()), $match);
$code = 'echo json_encode([extension_loaded("sockets"), AF_INET, SOL_SOCKET, SOCKET_ECANCELED]), "\n";'
    . 'Swoole\Coroutine\run(function () { $server = new Swoole\Coroutine\Server("127.0.0.1"); var_dump($server->port > 0); });';
$child = proc_open([PHP_BINARY, '-n', '-d', "extension=$match[1]", '-r', $code], [1 => ['pipe', 'w']], $pipes);
echo stream_get_contents($pipes[1]);
?>
--EXPECT--
[false,2,1,125]
bool(true)
