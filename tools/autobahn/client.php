<?php

declare(strict_types=1);

/** Asks the suite's server for each case and sends every message back; the properties of the URL are the suite's. */

use Swoole\Coroutine\Http\Client;

Swoole\Coroutine\run(static function (): void {
    $open = static function (string $path): Client {
        $client = new Client('127.0.0.1', (int) getenv('PORT'));
        $client->set(['timeout' => 60, 'package_max_length' => 64 << 20, 'websocket_compression' => !getenv('TAKEOVER')]);
        if (getenv('TAKEOVER')) {
            // An offer of PHP code's own: by itself the client keeps no context and does not let servers narrow its window.
            $client->setHeaders(['Sec-WebSocket-Extensions' => 'permessage-deflate; client_max_window_bits']);
        }
        $client->upgrade($path) || exit("no WebSocket at $path: $client->errMsg\n");
        return $client;
    };
    $count = (int) $open('/getCaseCount')->recv()->data;
    for ($case = 1; $case <= $count; $case++) {
        $client = $open("/runCase?case=$case&agent=Steelwool");
        while ($frame = $client->recv()) {
            $client->push($frame);
        }
        $client->close();
    }
    $open('/updateReports?agent=Steelwool')->recv();
});
