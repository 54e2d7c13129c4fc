--TEST--
examples/ody-style boots its middleware once, keeps requests apart, shares MySQL connections and terminates after the answer
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$database = new mysqli(
    getenv('STEELWOOL_MYSQL_HOST'),
    getenv('STEELWOOL_MYSQL_USER'),
    getenv('STEELWOOL_MYSQL_PASSWORD'),
    getenv('STEELWOOL_MYSQL_DATABASE'),
    (int) getenv('STEELWOOL_MYSQL_PORT'),
);
$database->query('DROP TABLE IF EXISTS ody_journal');
$database->query('CREATE TABLE ody_journal (id INT AUTO_INCREMENT PRIMARY KEY, line TEXT NOT NULL)');

$example = __DIR__ . '/../../examples/ody-style/server.php';
$server = ServerProcess::start($example, [], ['API_TOKEN' => 'secret', 'DB_POOL' => '3']);

function get(string $path, string $id, string $token = 'secret'): string
{
    global $server;
    $answer = http_request($server->port, $path, 'GET', ['X-Request-Id' => $id, 'Authorization' => "Bearer $token"], '', 20.0);
    return "$path: {$answer['status']} {$answer['headers']['x-request-id']} {$answer['body']}\n";
}

/** Waits until the journal has these lines. */
function written(string ...$lines): string
{
    global $database;
    $end = microtime(true) + 20;
    do {
        $missing = array_diff($lines, array_column($database->query('SELECT line FROM ody_journal')->fetch_all(), 0));
    } while ($missing !== [] && microtime(true) < $end && usleep(5000) === null);
    return $missing === [] ? "written down\n" : 'missing: ' . implode(', ', $missing) . "\n";
}

echo get('/', 'a'), get('/numbers', 'b'), get('/nothing', 'c'), get('/', 'd', 'wrong'), get('/wrong', 'e');
echo written('a GET / 200', 'b GET /numbers 200', 'c GET /nothing 404', 'd GET / 401', 'e GET /wrong 500');

// Six requests, three connections: each has its own id and its own row.
$clients = [];
foreach (range(1, 6) as $i) {
    fwrite($clients[$i] = connect_to($server->port, 20.0), request_bytes('/slow', headers: ['X-Request-Id' => "slow$i", 'Authorization' => 'Bearer secret']));
}
$used = [];
foreach ($clients as $i => $client) {
    $answer = read_response($client);
    $body = json_decode($answer['body'], true);
    $used[$body['connection']] = true;
    if (!$body['same'] || $answer['headers']['x-request-id'] !== "slow$i") {
        echo "request $i got another's answer\n";
    }
}
echo count($used) <= 3 ? 'no more than 3 connections' : 'too many connections', "\n", written(...array_map(static fn (int $i): string => "slow$i GET /slow 200", range(1, 6)));

// The answer comes although what follows it cannot be done yet.
$database->query('LOCK TABLES ody_journal WRITE');
echo get('/', 'last');
echo $database->query("SELECT COUNT(*) FROM ody_journal WHERE line LIKE 'last%'")->fetch_row()[0], " lines\n";
$database->query('UNLOCK TABLES');
echo written('last GET / 200');

$server->send(SIGTERM);
echo 'exit code ', $server->wait(20.0), "\n";

// The same application without a server.
foreach (['/', '/numbers', '/nothing'] as $path) {
    echo shell_exec(implode(' ', array_map(escapeshellarg(...), [...php_command(), $example, '--once', 'GET', $path])));
}
$database->query('DROP TABLE ody_journal');
?>
--EXPECT--
/: 200 a {"message":"Hello from ODY."}
/numbers: 200 b [{"number":1},{"number":2}]
/nothing: 404 c {"error":"there is no \/nothing"}
/: 401 d {"error":"who are you?"}
/wrong: 500 e {"error":"the query failed: SQLSTATE[42S22] [1054] Unknown column 'nonsense' in 'SELECT'"}
written down
no more than 3 connections
written down
/: 200 last {"message":"Hello from ODY."}
0 lines
written down
exit code 0
200 {"message":"Hello from ODY."}
200 [{"number":1},{"number":2}]
404 {"error":"there is no \/nothing"}
