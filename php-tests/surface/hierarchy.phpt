--TEST--
Server, Http\Server and WebSocket\Server are three levels of classes with one Rust half, open to user classes
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

// One process makes one server, so each case that constructs one is a child.
const CLASSES = <<<'CODE'
    class Plain extends Swoole\Server {}
    class Web extends Swoole\Http\Server
    {
        public $extra = 1;

        public function __construct(private string $name)
        {
            parent::__construct('127.0.0.1', 0, SWOOLE_PROCESS);
        }

        public function on(string $event_name, callable $callback): bool
        {
            echo "Web::on($event_name)\n";
            return parent::on($event_name, $callback);
        }

        public function name(): string
        {
            return $this->name;
        }
    }
    class Chat extends Swoole\WebSocket\Server
    {
        public function __destruct()
        {
            echo "Chat::__destruct\n";
        }
    }
    class Forgetful extends Swoole\WebSocket\Server
    {
        public function __construct() {}
    }
    function attempt(callable $what): void
    {
        try {
            var_dump($what());
        } catch (Throwable $error) {
            echo get_class($error), ': ', $error->getMessage(), "\n";
        }
    }
    CODE;

function child(string $title, string $code): void
{
    echo "--- $title\n";
    $process = proc_open([...php_command(), '-r', CLASSES . $code], [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
    echo stream_get_contents($pipes[1]);
    $status = proc_close($process);
    echo $status === 0 ? '' : "exit status $status\n";
}

echo implode(' < ', array_reverse([Swoole\WebSocket\Server::class, ...array_values(class_parents(Swoole\WebSocket\Server::class))])), "\n";

child('a child calls what its grandparent declares', <<<'CODE'
    $server = new Chat('127.0.0.1', 0, SWOOLE_BASE);
    var_dump($server instanceof Swoole\WebSocket\Server, $server instanceof Swoole\Http\Server, $server instanceof Swoole\Server);
    var_dump($server->on('Message', 'strlen'), $server->on('start', 'strrev'));
    var_dump($server->getCallback('MESSAGE'), $server->getCallback('start'), $server->getCallback('open'));
    var_dump($server->set(['worker_num' => 2]), $server->set(['worker_num' => 3, 'task_worker_num' => 1]), $server->setting);
    var_dump($server->host, $server->port > 0, $server->mode, $server->type, $server->ssl);
    CODE);

child('a user class overrides and calls its parent', <<<'CODE'
    $server = new Web('api');
    var_dump($server->on('request', fn () => null), $server->getCallback('request') instanceof Closure);
    var_dump($server->name(), $server->mode, (new ReflectionMethod($server, 'set'))->getDeclaringClass()->getName());
    CODE);

child('the parent constructor was not called', <<<'CODE'
    $server = new Forgetful();
    attempt(fn () => $server->on('start', 'strlen'));
    attempt(fn () => $server->set([]));
    attempt(fn () => $server->start());
    attempt(fn () => $server->getCallback('start'));
    CODE);

child('no clone, no serialization, declared properties stay', <<<'CODE'
    $server = new Web('x');
    attempt(fn () => clone $server);
    attempt(fn () => serialize($server));
    attempt(fn () => unserialize('O:13:"Swoole\Server":0:{}'));
    attempt(function () use ($server) { unset($server->host); });
    attempt(function () use ($server) { unset($server->extra); return isset($server->extra); });
    var_dump($server->host);
    CODE);

child('what the constructor refuses', <<<'CODE'
    swoole_async_set(['log_level' => SWOOLE_LOG_NONE]);
    attempt(fn () => new Plain());
    attempt(fn () => new Plain([]));
    attempt(fn () => new Plain('127.0.0.1', 0, 9));
    attempt(fn () => new Plain('127.0.0.1', 0, SWOOLE_BASE, 99));
    attempt(fn () => new Plain('127.0.0.1', 70000));
    attempt(fn () => new Plain('127.0.0.1', -1));
    attempt(fn () => new Plain('/nonexistent/x.sock', 0, SWOOLE_BASE, SWOOLE_UNIX_STREAM));
    $server = new Plain('127.0.0.1');
    attempt(fn () => $server->__construct('127.0.0.1'));
    attempt(fn () => new Web('second'));
    CODE);

child('what on() refuses', <<<'CODE'
    $server = new Plain('127.0.0.1');
    set_error_handler(function ($level, $text) { echo "Warning: $text\n"; return true; });
    attempt(fn () => $server->on('nonsense', 'strlen'));
    attempt(fn () => $server->on('start', 'no_such_function'));
    attempt(fn () => $server->on('start', null));
    attempt(fn () => $server->on('start'));
    attempt(fn () => $server->on([], 'strlen'));
    var_dump($server->getCallback('start'), $server->getCallback('nonsense'));
    CODE);

child('a server that its own callback refers to is freed at the end', <<<'CODE'
    $server = new Chat('127.0.0.1');
    $server->on('start', fn () => $server);
    $server->on('start', fn () => [$server]);
    unset($server);
    gc_collect_cycles();
    echo "end\n";
    CODE);
?>
--EXPECT--
Swoole\Server < Swoole\Http\Server < Swoole\WebSocket\Server
--- a child calls what its grandparent declares
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
string(6) "strlen"
string(6) "strrev"
NULL
bool(true)
bool(true)
array(2) {
  ["worker_num"]=>
  int(3)
  ["task_worker_num"]=>
  int(1)
}
string(9) "127.0.0.1"
bool(true)
int(1)
int(1)
bool(false)
Chat::__destruct
--- a user class overrides and calls its parent
Web::on(request)
bool(true)
bool(true)
string(3) "api"
int(2)
string(13) "Swoole\Server"
--- the parent constructor was not called
Error: Invalid instance of Forgetful: its parent's constructor was not called
Error: Invalid instance of Forgetful: its parent's constructor was not called
Error: Invalid instance of Forgetful: its parent's constructor was not called
NULL
--- no clone, no serialization, declared properties stay
Error: Trying to clone an uncloneable object of class Web
Exception: Serialization of 'Web' is not allowed
Exception: Unserialization of 'Swoole\Server' is not allowed
Error: Property host of class Web cannot be unset
bool(false)
string(9) "127.0.0.1"
--- what the constructor refuses
ArgumentCountError: Swoole\Server::__construct() expects at least 1 argument, 0 given
TypeError: Swoole\Server::__construct(): Argument #1 ($host) must be of type string, array given
Error: invalid $mode parameters 9
Swoole\Exception: failed to listen server port[127.0.0.1:0], Error: Socket type not supported[94]
Swoole\Exception: failed to listen server port[127.0.0.1:70000], Error: Server invalid listen port[9004]
Swoole\Exception: failed to listen server port[127.0.0.1:-1], Error: Server invalid listen port[9004]
Swoole\Exception: failed to listen server port[/nonexistent/x.sock:0], Error: No such file or directory[2]
Error: Constructor of Plain can only be called once
Swoole\Exception: server is running. unable to create Web
--- what on() refuses
Warning: Swoole\Server\Port::on(): unknown event types[nonsense]
bool(false)
Warning: Swoole\Server::on(): function 'no_such_function' is not callable
bool(false)
Warning: Swoole\Server::on(): illegal callback function
bool(false)
ArgumentCountError: Swoole\Server::on() expects exactly 2 arguments, 1 given
TypeError: Swoole\Server::on(): Argument #1 ($event_name) must be of type string, array given
NULL
NULL
--- a server that its own callback refers to is freed at the end
Chat::__destruct
end
