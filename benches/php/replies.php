<?php

declare(strict_types=1);

// A server in plain PHP that answers whatever it reads at once with one reply; prints its port. argv[1] is the number of connections that
// it will have at a time: there is one process for each 500, because select() takes no more descriptors than 1,024.

$listener = stream_socket_server('tcp://127.0.0.1:0', $code, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, stream_context_create(['socket' => ['backlog' => 4096]]));
echo explode(':', stream_socket_get_name($listener, false))[1], "\n";
$reply = "HTTP/1.1 200 OK\r\nServer: bench\r\nContent-Type: text/plain\r\nContent-Length: 13\r\n\r\nHello, World!";
for ($left = (int) ceil($argv[1] / 500); $left > 1 && pcntl_fork() !== 0; $left--);
$all = [$listener];
while (true) {
    $ready = $all;
    $none = null;
    stream_select($ready, $none, $none, null);
    foreach ($ready as $socket) {
        if ($socket === $listener) {
            $new = count($all) > 510 ? false : @stream_socket_accept($listener, 0);
            if ($new) {
                $all[(int) $new] = $new;
            }
            if (count($all) > 510) {
                unset($all[0]);
            }
        } elseif (fread($socket, 8192) !== '') {
            fwrite($socket, $reply);
        } elseif ($left > 1) {
            // The first process is ended by who started it; the others end with their clients.
            exit;
        } else {
            unset($all[(int) $socket]);
            fclose($socket);
        }
    }
}
