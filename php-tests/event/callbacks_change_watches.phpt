--TEST--
a callback deletes its own and other watches, closes what they are of, and adds new ones
--FILE--
<?php
use Swoole\Event;

function pair(string $data): array
{
    $pair = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
    fwrite($pair[1], $data);
    return $pair;
}

$pairs = array_map('pair', ['a', 'b', 'c', 'd']);
foreach ($pairs as $number => [$here]) {
    Event::add($here, function ($socket) use (&$pairs, $number) {
        echo "read $number: ", fread($socket, 1), "\n";
        Event::del($socket);
        if ($number === 0) {
            Event::del($pairs[2][0]);
            Event::del($pairs[3][0]);
            fclose($pairs[3][0]);
            $pairs[4] = pair('e');
            Event::add($pairs[4][0], function ($socket) {
                echo 'new: ', fread($socket, 1), "\n";
                Event::del($socket);
            });
            Event::add($pairs[2][0], function ($socket) {
                echo 'again: ', fread($socket, 1), "\n";
                Event::del($socket);
            });
        }
    });
}
Event::wait();
?>
--EXPECT--
read 0: a
read 1: b
new: e
again: c
