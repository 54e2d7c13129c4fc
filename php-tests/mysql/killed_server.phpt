--TEST--
the server is killed under load and comes back: every call ends, no answer belongs to another question, the pool heals by itself
--SKIPIF--
<?php
extension_loaded('posix') || print 'skip needs ext/posix';
?>
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';
require __DIR__ . '/../include/MariaDb.php';

use Swoole\Coroutine;
use Swoole\Coroutine\MySQL;
use Swoole\Database\MySQLConfig;
use Swoole\Database\MySQLPool;

$server = new MariaDb();

Coroutine\run(static function () use ($server): void {
    Coroutine::set(['hook_flags' => 0]);
    $config = (new MySQLConfig())
        ->withPort($server->port)
        ->withUsername($server->user)
        ->withPassword($server->password)
        ->withDbname($server->database)
        ->withOptions(['timeout' => 60, 'strict_type' => true]);
    $pool = new MySQLPool($config, 4);
    $answers = array_fill(0, 8, 0);
    $failures = $wrong = 0;
    $unknown = [];
    $end = false;
    $group = new Coroutine\WaitGroup();
    foreach (array_keys($answers) as $who) {
        $group->add();
        go(static function () use ($group, $pool, $who, &$answers, &$failures, &$wrong, &$unknown, &$end): void {
            for ($i = 0; !$end; $i++) {
                $connection = null;
                try {
                    $connection = $pool->get(60);
                    $question = "$who-$i";
                    if ($i % 2) {
                        $rows = $connection->query("SELECT '$question' AS answer, SLEEP(0.001)", 60);
                    } else {
                        $statement = $connection->prepare('SELECT ? AS answer', 60);
                        $rows = $statement ? $statement->execute([$question], 60) : false;
                    }
                    if ($rows === false) {
                        $failures++;
                        in_array($connection->errno, [2002, 2006, 2013, 1053, 1927, 104], true) || $unknown[] = $connection->error;
                    } elseif ($rows[0]['answer'] === $question) {
                        $answers[$who]++;
                    } else {
                        $wrong++;
                    }
                } catch (MySQL\Exception $error) {
                    $failures++;
                    in_array($error->getCode(), [2002, 2006, 2013], true) || $unknown[] = $error->getMessage();
                    Coroutine::sleep(0.01);
                }
                $pool->put($connection);
            }
            $group->done();
        });
    }
    $everybody = static function () use (&$answers): void {
        $before = $answers;
        $limit = microtime(true) + 100;
        while (array_filter($answers, static fn (int $n, int $who): bool => $n <= $before[$who], ARRAY_FILTER_USE_BOTH)) {
            if (microtime(true) > $limit) {
                throw new RuntimeException('somebody gets no answers: ' . json_encode([$before, $answers]));
            }
            Coroutine::sleep(0.01);
        }
    };
    $everybody();
    $server->kill();
    while ($failures === 0) {
        Coroutine::sleep(0.01);
    }
    $server->start();
    $everybody();
    $end = true;
    $group->wait();
    var_dump($failures > 0, $wrong, array_unique($unknown), $pool->stats()['borrowed'], $pool->stats()['waiting']);
});
$server->stop();
?>
--EXPECT--
bool(true)
int(0)
array(0) {
}
int(0)
int(0)
