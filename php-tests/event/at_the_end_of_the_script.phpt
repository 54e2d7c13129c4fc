--TEST--
what is left to do is done when the script has ended, with a word that this is deprecated
--FILE--
<?php
use Swoole\Event;

register_shutdown_function(fn () => print("before\n"));
[$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
fwrite($there, 'x');
Event::add($here, function ($socket) {
    echo 'read ', fread($socket, 10), "\n";
    Event::del($socket);
});
Event::defer(fn () => print("deferred\n"));
register_shutdown_function(fn () => print("after\n"));
echo "end of the script\n";
exit(0);
?>
--EXPECT--
end of the script
before

Deprecated: swoole_event_rshutdown(): Event::wait() in shutdown function is deprecated in Unknown on line 0
read x
deferred
after
