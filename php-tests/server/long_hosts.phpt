--TEST--
Server: a path or host of more than 107 bytes is refused by name, and nothing is removed
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$folder = sys_get_temp_dir() . '/steelwool' . getmypid();
mkdir($folder);
$path = $folder . '/' . str_repeat('x', 108 - strlen($folder) - 1);
file_put_contents($path, 'mine');
$output = run_php(<<<'PHP'
    Swoole\Coroutine::set(['log_file' => '/dev/null']);
    $path = getenv('LONG');
    try {
        new Swoole\Server($path, 0, SWOOLE_BASE, SWOOLE_SOCK_UNIX_STREAM);
    } catch (Swoole\Exception $exception) {
        echo $exception->getMessage(), "\n", $exception->getCode(), ' ', swoole_last_error(), "\n";
    }
    PHP, env: ['LONG' => $path])['out'];
echo str_replace($path, 'PATH', $output);
echo file_get_contents($path), "\n";
$output = run_php(<<<'PHP'
    $server = new Swoole\Server('127.0.0.1', 0);
    $server->set(['log_file' => '/dev/null']);
    foreach ([[SWOOLE_SOCK_UNIX_STREAM, getenv('LONG')], [SWOOLE_SOCK_UNIX_DGRAM, getenv('LONG')], [SWOOLE_SOCK_TCP, str_repeat('1', 108)]] as [$type, $host]) {
        swoole_clear_error();
        var_dump($server->listen($host, 0, $type));
        echo swoole_last_error(), "\n";
    }
    PHP, env: ['LONG' => $path])['out'];
echo $output;
unlink($path);
$path = substr($path, 0, 107);
echo run_php(<<<'PHP'
    $server = new Swoole\Server(getenv('LONG'), 0, SWOOLE_BASE, SWOOLE_SOCK_UNIX_STREAM);
    echo strlen($server->host), "\n";
    PHP, env: ['LONG' => $path])['out'];
@unlink($path);
rmdir($folder);
?>
--EXPECT--
failed to listen server port[PATH:0], Error: Name too long[504]
504 504
mine
bool(false)
504
bool(false)
504
bool(false)
504
107
