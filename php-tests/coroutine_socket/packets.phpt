--TEST--
packets by length, by a function and by their end; lines, vectors and buffered reads on the same stream
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\Socket;

function show(string $what, mixed $value, Socket $socket): void
{
    printf("%-12s %s [%d %s]\n", $what, json_encode($value), $socket->errCode, $socket->errMsg);
}

/** @return Socket[] the second one reads by these rules */
function pair(array $settings): array
{
    $pair = swoole_coroutine_socketpair(AF_UNIX, SOCK_STREAM, 0);
    $pair[1]->setProtocol($settings);
    return $pair;
}

Coroutine\run(static function (): void {
    $by_length = ['open_length_check' => true, 'package_length_type' => 'n', 'package_body_offset' => 2, 'package_max_length' => 100];
    [$left, $right] = pair($by_length);
    $left->send("\0\3abc\0\2de\0\5fg");
    show('length', substr((string) $right->recvPacket(), 2), $right);
    show('length', substr((string) $right->recvPacket(), 2), $right);
    show('not whole', $right->recvPacket(0.01), $right);
    $left->send('hij');
    show('whole now', substr((string) $right->recvPacket(), 2), $right);
    $left->send("\0\1kmore");
    show('length', substr((string) $right->recvPacket(), 2), $right);
    show('what is left', $right->peek(), $right);
    show('what is left', $right->recv(), $right);
    $left->send("\0\1");
    $left->close();
    show('cut off', $right->recvPacket(), $right);

    $by_length['package_length_type'] = 's';
    [$left, $right] = pair($by_length);
    $left->send(pack('s', -5));
    show('negative', $right->recvPacket(), $right);

    [$left, $right] = pair(['open_eof_check' => true, 'package_eof' => "\r\n", 'package_max_length' => 8]);
    $left->send("ab\r\ncd\r");
    show('end', $right->recvPacket(), $right);
    Coroutine::create(static fn () => $left->send("\nefghijklmn"));
    show('end', $right->recvPacket(), $right);
    show('too long', $right->recvPacket(), $right);

    [$left, $right] = pair(['open_length_check' => true, 'package_length_func' => fn (string $head) => strlen($head) < 2 ? 0 : (int) $head[1]]);
    $left->send('a');
    Coroutine::create(static fn () => $left->send('5xyzb2'));
    show('function', $right->recvPacket(), $right);
    show('function', $right->recvPacket(), $right);
    $right->setProtocol(['open_length_check' => true, 'package_length_func' => fn () => throw new DomainException('no length')]);
    $left->send('x');
    try {
        $right->recvPacket();
    } catch (DomainException $error) {
        echo $error->getMessage(), "\n";
    }

    [$left, $right] = pair(['open_eof_check' => false]);
    $left->send("one\r\ntwo\nthree");
    show('line', $right->recvLine(), $right);
    show('line', $right->recvLine(), $right);
    show('line', $right->recvLine(2), $right);
    show('buffered', $right->recvWithBuffer(1), $right);
    show('no line', $right->recvLine(20, 0.01), $right);
    show('vector', $right->readVector([1, 1, 3], 0.01), $right);
    $left->writeVectorAll(['ab', 'cde', 'fg']);
    show('vector', $right->readVectorAll([3, 2]), $right);
    show('all', $right->recvAll(10, 0.01), $right);
    foreach ([['x'], [-1]] as $lengths) {
        try {
            $right->readVector($lengths);
        } catch (Socket\Exception $error) {
            echo $error->getCode(), ' ', $error->getMessage(), "\n";
        }
    }
    foreach ([[1], ['']] as $parts) {
        try {
            $right->writeVector($parts);
        } catch (Socket\Exception $error) {
            echo $error->getCode(), ' ', $error->getMessage(), "\n";
        }
    }
    show('too many', $right->readVector(array_fill(0, 1025, 1)), $right);
    var_dump($right->setProtocol([]), @$right->setProtocol(['package_length_type' => 'x']));
});
?>
--EXPECT--
length       "abc" [0 ]
length       "de" [0 ]
not whole    false [110 Connection timed out]
whole now    "fghij" [0 ]
length       "k" [0 ]
what is left "more" [0 ]
what is left "more" [0 ]
cut off      "" [0 ]
negative     "" [1202 get package length failed]
end          "ab\r\n" [0 ]
end          "cd\r\n" [0 ]
too long     false [1201 no package eof, package_max_length exceeded]
function     "a5xyz" [0 ]
function     "b2" [0 ]
no length
line         "one\r" [0 ]
line         "\n" [0 ]
line         "tw" [0 ]
buffered     "o" [0 ]
no line      "\n" [0 ]
vector       ["t","h","ree"] [0 ]
vector       ["abc","de"] [0 ]
all          "fg" [110 Connection timed out]
22 Item #[0] must be of type int, string given
22 Item #[0] must be greater than 0
22 Item #[0] must be of type string, int given
22 Item #[0] cannot be empty string
too many     false [22 The maximum of iov count is 1024]
bool(false)
bool(false)
