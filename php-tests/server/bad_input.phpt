--TEST--
Server: what cannot be done says so in Swoole's words
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

$prelude = '$server = new Swoole\Server("127.0.0.1", 0, SWOOLE_BASE); $server->on("receive", fn () => null); $port = $server->listen("127.0.0.1", 0, SWOOLE_SOCK_TCP); ';
$attempts = [
    'var_dump($server->listen("127.0.0.1", 70000, SWOOLE_SOCK_TCP), swoole_last_error());',
    'var_dump($server->listen("127.0.0.1", $port->port, 99), swoole_last_error());',
    'var_dump($port->on("nope", fn () => 1), $port->on("receive", "missing"), $server->on("start", "missing"));',
    'var_dump($server->reload(), $server->stop(), $server->shutdown(), $server->stats(), $server->sendMessage(1, 0), $server->getWorkerId(), $server->getManagerPid());',
    '$server->set(["task_worker_num" => 1]); $server->start();',
    '$server->set(["task_worker_num" => 1, "task_enable_coroutine" => true, "task_ipc_mode" => 2]);',
    '$server->set(["send_yield" => true, "dispatch_mode" => 1]); echo "went on\n";',
    '$port->set(["package_eof" => ""]);',
    '$server->addProcess(new stdClass());',
    'var_dump($server->addCommand("a", SWOOLE_SERVER_COMMAND_MASTER, fn () => 1), $server->addCommand("a", 2, fn () => 1), $server->addCommand("b", 4, fn () => 1));',
    'Swoole\Coroutine\go(fn () => Co::sleep(0.001)); var_dump($server->start()); Swoole\Event::wait();',
    '$server->on("workerStart", function ($server) { var_dump($server->start(), $server->set([]), $server->stop(7), $server->reload(), $server->task(1), $server->taskwait(1)); $server->shutdown(); }); var_dump($server->start(), $server->start());',
    '$udp = $server->listen("127.0.0.1", 0, SWOOLE_SOCK_UDP); $server->start();',
];
foreach ($attempts as $attempt) {
    $output = run_php($prelude . $attempt, ['html_errors' => 0, 'display_errors' => 'stderr', 'log_errors' => 0])['out'];
    echo preg_replace(['/^\[[^\]]*\]\t/m', '/ in \S+ on line \d+/', '/^\n/m'], ['', '', ''], $output), "--\n";
}
?>
--EXPECT--
ERROR	Server::add_port() (ERRNO 9004): invalid port [70000]
bool(false)
int(9004)
--
WARNING	make_socket(): unknown socket type [99]
bool(false)
int(94)
--
Warning: Swoole\Server\Port::on(): unknown event types[nope]
Warning: Swoole\Server\Port::on(): function 'missing' is not callable
Warning: Swoole\Server::on(): function 'missing' is not callable
bool(false)
bool(false)
bool(false)
--
Warning: Swoole\Server::reload(): server is not running
Warning: Swoole\Server::stop(): server is not running
Warning: Swoole\Server::stats(): server is not running
Warning: Swoole\Server::sendMessage(): server is not running
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
int(0)
--
WARNING	Server::start_check() (ERRNO 9015): require 'onTask' callback
Fatal error: Swoole\Server::start(): failed to start server. Error: Server::start_check() (ERRNO 9015): require 'onTask' callback
--
Fatal error: Swoole\Server::set(): cannot use msgqueue when `task_enable_coroutine` is enable
--
Warning: Swoole\Server::set(): 'send_yield' option can only be set when using dispatch_mode=2/4
went on
--
Fatal error: Swoole\Server\Port::set(): package_eof cannot be an empty string
--
Fatal error: Swoole\Server::addProcess(): object is not instanceof swoole_process
--
Warning: Swoole\Server::addCommand(): only support worker/task_worker process
bool(true)
bool(false)
bool(false)
--
Warning: Swoole\Server::start(): The event-loop has already been created, unable to start Swoole\Server
bool(false)
--
Warning: Swoole\Server::start(): The server is running, unable to execute Swoole\Server->start()
Warning: Swoole\Server::set(): server is running, unable to execute Swoole\Server->set
WARNING	Server::kill_worker() (ERRNO 505): the worker_id[7] is invalid
WARNING	Server::reload() (ERRNO 507): not supported with single process mode
Warning: Swoole\Server::task(): task method can't be executed without task worker
Warning: Swoole\Server::taskwait(): task method can't be executed without task worker
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
Warning: Swoole\Server::start(): The server have been shutdown, unable to execute Swoole\Server->start()
bool(true)
bool(false)
--
Fatal error: Swoole\Server::start(): require onPacket callback
--
