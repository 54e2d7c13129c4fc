--TEST--
A frame that is its own data
--FILE--
<?php
use Swoole\WebSocket\{CloseFrame, Frame};

$frame = new Frame();
$frame->data = $frame;
$close = new CloseFrame();
$close->reason = $close;
foreach ([$frame, $close] as $one) {
    try {
        echo strlen((string) $one), "\n";
    } catch (Error $error) {
        echo get_class($error), ': ', $error->getMessage(), "\n";
    }
}
// Frames in frames are packed one after the other.
$inner = new Frame();
$inner->data = 'text';
$outer = new Frame();
$outer->data = $inner;
echo strlen((string) $inner), ' ', strlen((string) $outer), "\n";
?>
--EXPECT--
Error: Frames are nested too deep
Error: Frames are nested too deep
6 8
