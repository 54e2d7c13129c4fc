--TEST--
examples/chat: rooms and presence; workers reload under open connections; two nodes on one Redis; who reconnects goes on
--EXTENSIONS--
redis
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/hooks.php';

/** The workers of a server: its children's children. */
function workers(ServerProcess $server): array
{
    $children = static fn (int|string $pid): array => array_filter(explode(' ', (string) @file_get_contents("/proc/$pid/task/$pid/children")));
    return array_merge(...array_map($children, $children($server->pid())));
}

/** One who chats: what has come, and waiting for more. */
final class Person
{
    private RawWebSocket $socket;

    public function __construct(ServerProcess $node, private readonly string $name, string $room)
    {
        $this->socket = new RawWebSocket($node->port);
        stream_set_timeout($this->socket->socket, 20);
        $this->send(['type' => 'join', 'room' => $room, 'name' => $name]);
        $this->until(static fn ($message) => $message['type'] === 'joined');
    }

    public function send(array $message): void
    {
        $this->socket->send(json_encode($message));
    }

    /** The first message from now on that is so. */
    public function until(callable $is): array
    {
        while (($text = $this->socket->message()) !== null) {
            $message = json_decode($text, true);
            if ($is($message)) {
                return $message;
            }
        }
        throw new RuntimeException("$this->name waits for what does not come");
    }

    public function hears(): void
    {
        $message = $this->until(static fn ($message) => $message['type'] !== 'people');
        echo "$this->name: ", isset($message['from']) ? "$message[from] says " : '', "$message[text]\n";
    }

    public function sees(string ...$people): void
    {
        $this->until(static fn ($message) => $message['type'] === 'people' && $message['people'] === $people);
        echo "$this->name sees ", implode(' and ', $people), "\n";
    }

    public function leaves(): void
    {
        $this->socket->send(pack('n', 1000), 8);
    }
}

[$service, $redis] = Service::redis();
$start = static fn () => ServerProcess::start(realpath(__DIR__ . '/../../examples/chat/server.php'), [], ['HOST' => '127.0.0.1', 'REDIS' => "127.0.0.1:$redis"]);
$one = $start();
$two = $start();
echo preg_match('/<title>Chat/', http_request($one->port)['body']), http_request($one->port, '/other')['status'], "\n";

$anna = new Person($one, 'anna', 'wool');
$bert = new Person($one, 'bert', 'wool');
$anna->sees('anna', 'bert');
$other = new Person($one, 'otto', 'steel');
$other->sees('otto');
$bert->send(['type' => 'say', 'text' => 'grüezi']);
$anna->hears();
$bert->hears();
$carl = new Person($two, 'carl', 'wool');
$anna->sees('anna', 'bert', 'carl');
$carl->sees('anna', 'bert', 'carl');
$carl->send(['type' => 'say', 'text' => 'from the other node']);
$anna->hears();
$bert->hears();
$carl->hears();
echo "-- all workers are replaced\n";
$before = workers($one);
$one->send(SIGUSR1);
for ($end = microtime(true) + 30; count(array_diff($now = workers($one), $before)) < count($before) || count($now) > count($before);) {
    microtime(true) < $end || exit("the workers are not replaced\n");
    usleep(5000);
}
foreach (range(1, 5) as $n) {
    $anna->send(['type' => 'say', 'text' => "still here $n"]);
    $bert->hears();
}
// the new worker listens to the other node too
$dora = new Person($two, 'dora', 'wool');
$anna->sees('anna', 'bert', 'carl', 'dora');
echo "-- bert reconnects, elsewhere\n";
$bert->leaves();
$carl->sees('anna', 'carl', 'dora');
$bert = new Person($two, 'bert', 'wool');
$anna->sees('anna', 'bert', 'carl', 'dora');
$anna->send(['type' => 'say', 'text' => 'welcome back']);
$bert->hears();
$other->send(['type' => 'say', 'text' => 'nobody else was here']);
$other->hears();
$other->send(['type' => 'dance']);
$other->hears();
echo $one->stop(), $two->stop();
?>
--EXPECT--
1404
anna sees anna and bert
otto sees otto
anna: bert says grüezi
bert: bert says grüezi
anna sees anna and bert and carl
carl sees anna and bert and carl
anna: carl says from the other node
bert: carl says from the other node
carl: carl says from the other node
-- all workers are replaced
bert: anna says still here 1
bert: anna says still here 2
bert: anna says still here 3
bert: anna says still here 4
bert: anna says still here 5
anna sees anna and bert and carl and dora
-- bert reconnects, elsewhere
carl sees anna and carl and dora
anna sees anna and bert and carl and dora
bert: anna says welcome back
otto: otto says nobody else was here
otto: what do you mean?
