--TEST--
Http\Client: a connection serves several requests; one that has ended is opened anew
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/canned.inc';

Co\run(function (): void {
    $server = new Canned(function ($connection, int $number): void {
        for ($i = 0; ($request = Canned::head($connection)) !== ''; $i++) {
            $close = str_contains($request, '/close') ? "Connection: close\r\n" : '';
            $unasked = str_contains($request, '/more') ? 'unasked' : '';
            fwrite($connection, "HTTP/1.1 200 OK\r\n{$close}Content-Length: 3\r\n\r\n$number.$i$unasked");
            if (str_contains($request, '/drop')) {
                break;
            }
        }
        fclose($connection);
    });
    $client = $server->client();
    foreach (['/', '/', '/close', '/', '/drop', '/', '/more', '/'] as $path) {
        $client->get($path);
        Co::sleep(0.02);
        echo "$path: $client->body ", json_encode($client->connected), "\n";
    }
    $client->set(['keep_alive' => false]);
    $client->get('/');
    echo "$client->body ", json_encode([$client->connected, str_contains($client->getHeaderOut(), 'Connection: close')]), "\n";
    $server->close();
});
?>
--EXPECTF--
/: 0.0 true
/: 0.1 true
/close: 0.2 false
/: 1.0 true
/drop: 1.1 %s
/: 2.0 true
/more: 2.1 false
/: 3.0 true
3.1 [false,true]
