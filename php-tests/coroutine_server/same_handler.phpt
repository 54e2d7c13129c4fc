--TEST--
One program answers packets in Server's callback receive and in Coroutine\Server's connections, with the same handler
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    use Swoole\Coroutine\Server\Connection;
    $settings = ['open_length_check' => true, 'package_length_type' => 'n', 'package_length_offset' => 0, 'package_body_offset' => 2];
    $pack = static fn (string $text): string => pack('n', strlen($text)) . $text;
    $handle = static function (string $packet, callable $send) use ($pack): void {
        $text = substr($packet, 2);
        Swoole\Coroutine::sleep(0.001);
        $send($pack(strrev($text)));
        if ($text === 'twice') {
            $send($pack('again'));
        }
    };
    $port = (int) getenv('PORT');
    if (getenv('STYLE') === 'coroutine') {
        Swoole\Coroutine\run(static function () use ($port, $settings, $handle): void {
            $server = new Swoole\Coroutine\Server('127.0.0.1', $port);
            $server->set($settings);
            $server->handle(static function (Connection $connection) use ($handle): void {
                while (($packet = $connection->recv()) !== '' && $packet !== false) {
                    $handle($packet, $connection->send(...));
                }
                $connection->close();
            });
            $server->start();
        });
        return;
    }
    $server = new Swoole\Server('127.0.0.1', $port, (int) getenv('STYLE'));
    $server->set($settings + ['worker_num' => 1]);
    $server->on('receive', static function (Swoole\Server $server, int $fd, int $reactor, string $packet) use ($handle): void {
        $handle($packet, static fn (string $bytes): bool => $server->send($fd, $bytes));
    });
    $server->start();
    PHP;

$pack = static fn (string $text): string => pack('n', strlen($text)) . $text;
foreach (['1', '2', 'coroutine'] as $style) {
    $server = ServerProcess::start($code, env: ['STYLE' => $style]);
    $socket = connect_to($server->port, 20);
    // whole, in pieces, and followed by the next one
    fwrite($socket, $pack('hello'));
    $answers = [read_exactly($socket, 7)];
    foreach (str_split($pack(str_repeat('ab', 100)), 50) as $piece) {
        fwrite($socket, $piece);
    }
    $answers[] = read_exactly($socket, 202);
    fwrite($socket, $pack('twice'));
    $answers[] = read_exactly($socket, 14);
    fclose($socket);
    $server->stop();
    $expected = [$pack('olleh'), $pack(str_repeat('ba', 100)), $pack('eciwt') . $pack('again')];
    echo $style, ': ', $answers === $expected ? 'the same' : json_encode(array_map(bin2hex(...), $answers)), "\n";
}
?>
--EXPECT--
1: the same
2: the same
coroutine: the same
