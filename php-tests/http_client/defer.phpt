--TEST--
Http\Client: deferred requests wait in parallel; recv() without a request is false
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/canned.inc';

Co\run(function (): void {
    $served = 0;
    $server = new Canned(function ($connection) use (&$served): void {
        if (($request = Canned::head($connection)) === '') {
            return;
        }
        for ($served++; $served < 3;) {
            Co::sleep(0.001);
        }
        fwrite($connection, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n" . substr(explode(' ', $request)[1], 1));
    });
    $clients = [];
    foreach (['aa', 'bb', 'cc'] as $path) {
        $clients[] = $client = $server->client();
        echo json_encode([$client->getDefer(), $client->setDefer(), $client->getDefer(), $client->get("/$path"), $client->statusCode, $client->body]), "\n";
    }
    foreach ($clients as $client) {
        echo json_encode([$client->recv(), $client->statusCode, $client->body, $client->recv(), $client->errCode]), "\n";
        $client->close();
        echo json_encode([$client->recv(), $client->errCode, $client->errMsg]), "\n";
    }
    $server->close();
});
?>
--EXPECT--
[false,true,true,true,0,""]
[false,true,true,true,0,""]
[false,true,true,true,0,""]
[true,200,"aa",false,0]
[false,5001,"Client no connection"]
[true,200,"bb",false,0]
[false,5001,"Client no connection"]
[true,200,"cc",false,0]
[false,5001,"Client no connection"]
