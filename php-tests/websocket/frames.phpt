--TEST--
frames packed and unpacked: opcodes, flags, lengths, masks, compression, close codes
--FILE--
<?php

use Swoole\WebSocket\CloseFrame;
use Swoole\WebSocket\Frame;
use Swoole\WebSocket\Server;

function hex(string $bytes): void
{
    echo bin2hex(substr($bytes, 0, 16)), ' ', strlen($bytes), "\n";
}

hex(Server::pack('hi'));
hex(Server::pack('hi', SWOOLE_WEBSOCKET_OPCODE_BINARY, 0));
hex(Frame::pack('hi', WEBSOCKET_OPCODE_TEXT, SWOOLE_WEBSOCKET_FLAG_FIN | SWOOLE_WEBSOCKET_FLAG_COMPRESS));
hex(Frame::pack('', WEBSOCKET_OPCODE_TEXT, SWOOLE_WEBSOCKET_FLAG_FIN | SWOOLE_WEBSOCKET_FLAG_COMPRESS));
hex(Frame::pack('hi', WEBSOCKET_OPCODE_PING, SWOOLE_WEBSOCKET_FLAG_COMPRESS));
hex(Frame::pack(str_repeat('x', 126)));
hex(Frame::pack(str_repeat('x', 65536)));
hex(Frame::pack('hi', 11));
hex(Frame::pack('bye', WEBSOCKET_OPCODE_CLOSE));

echo "-- objects\n";
$frame = new Frame();
$frame->data = 'x';
hex($frame);
$frame->finish = false;
hex($frame);
$frame->flags = 0;
$frame->finish = true;
hex($frame);
$close = new CloseFrame();
hex($close);
$close->code = 4001;
$close->reason = 'why';
hex(Frame::pack($close, WEBSOCKET_OPCODE_TEXT));
unset($close->code, $close->reason);
hex($close);
var_dump($frame instanceof Stringable, new CloseFrame());

echo "-- and back\n";
$same = static function (string $data, int $opcode, int $flags): bool {
    $frame = Frame::unpack(Frame::pack($data, $opcode, $flags));
    return $frame->data === $data && $frame->opcode === $opcode && $frame->finish === (bool) ($flags & SWOOLE_WEBSOCKET_FLAG_FIN);
};
foreach ([0, 1, 125, 126, 65535, 65536, 200000] as $length) {
    $noise = $length ? random_bytes($length) : '';
    foreach ([0, SWOOLE_WEBSOCKET_FLAG_FIN, SWOOLE_WEBSOCKET_FLAG_FIN | SWOOLE_WEBSOCKET_FLAG_COMPRESS, SWOOLE_WEBSOCKET_FLAG_FIN | SWOOLE_WEBSOCKET_FLAG_MASK] as $flags) {
        $same($noise, WEBSOCKET_OPCODE_BINARY, $flags) or print("$length bytes with flags $flags are not the same\n");
    }
}
$compressed = Frame::unpack(Frame::pack('hi', WEBSOCKET_OPCODE_TEXT, 3));
var_dump($compressed->flags === (SWOOLE_WEBSOCKET_FLAG_FIN | SWOOLE_WEBSOCKET_FLAG_COMPRESS | SWOOLE_WEBSOCKET_FLAG_RSV1));
$close = new CloseFrame();
$close->code = 3999;
$close->reason = 'so long';
$back = Server::unpack($close);
var_dump($back::class, $back->code, $back->reason, $back->data);

echo "-- no frames\n";
foreach (['', "\x81", "\xff\xff\xff"] as $bytes) {
    var_dump(Frame::unpack($bytes), swoole_last_error() === SWOOLE_ERROR_PROTOCOL_ERROR);
}
var_dump(@Frame::unpack("\xc1\x03\xff\xff\xff"));
?>
--EXPECTF--
81026869 4
02026869 4
c104cac80400 6
8100 2
89026869 4
817e007e787878787878787878787878 130
817f0000000000010000787878787878 65546

Warning: Swoole\WebSocket\Frame::pack(): the maximum value of opcode is 10 in %s on line %d
 0
880503e8627965 7
-- objects
810178 3
010178 3
810178 3
880203e8 4
88050fa1776879 7
880203e8 4
bool(true)
object(Swoole\WebSocket\CloseFrame)#%d (7) {
  ["fd"]=>
  int(0)
  ["data"]=>
  string(0) ""
  ["opcode"]=>
  int(8)
  ["flags"]=>
  int(1)
  ["finish"]=>
  NULL
  ["code"]=>
  int(1000)
  ["reason"]=>
  string(0) ""
}
-- and back
bool(true)
string(27) "Swoole\WebSocket\CloseFrame"
int(3999)
string(7) "so long"
string(0) ""
-- no frames
bool(false)
bool(true)
bool(false)
bool(true)
bool(false)
bool(true)
bool(false)
