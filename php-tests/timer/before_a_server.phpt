--TEST--
Timers made between a server and its start run in the process that starts it, and in no worker
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

foreach (['process' => SWOOLE_PROCESS, 'base, workers' => SWOOLE_BASE, 'base, alone' => SWOOLE_BASE] as $name => $mode) {
    $server = new Swoole\Server('127.0.0.1', 0, $mode);
    $server->set(['worker_num' => $name === 'base, alone' ? 1 : 2, 'log_level' => SWOOLE_LOG_NONE]);
    $ticks = new Swoole\Atomic();
    $elsewhere = new Swoole\Atomic();
    $own = getmypid();
    Swoole\Timer::tick(5, function ($timer) use ($server, $ticks, $elsewhere, $own) {
        if (getmypid() !== $own) {
            $elsewhere->add();
        }
        if ($ticks->add() === 5) {
            Swoole\Timer::clear($timer);
            $server->shutdown();
        }
    });
    $cleared = Swoole\Timer::after(1, fn() => print "cleared?\n");
    Swoole\Timer::clear($cleared);
    $server->on('receive', fn() => null);
    var_dump($server->start());
    echo "$name: ", $ticks->get() >= 5 ? 'ticked' : 'did not tick', ', ', $elsewhere->get(), " elsewhere\n";
    Swoole\Timer::clearAll();
}
// a loop that is there already is still refused
Swoole\Timer::after(1, fn() => print "runs\n");
$server = new Swoole\Server('127.0.0.1', 0);
$server->on('receive', fn() => null);
var_dump($server->start());
Swoole\Event::wait();
?>
--EXPECTF--
bool(true)
process: ticked, 0 elsewhere
bool(true)
base, workers: ticked, 0 elsewhere
bool(true)
base, alone: ticked, 0 elsewhere

Warning: Swoole\Server::start(): The event-loop has already been created, unable to start Swoole\Server in %s on line %d
bool(false)
runs
