--TEST--
Xdebug stops at a breakpoint inside a coroutine, sees its own stack and variables, and steps on after it was suspended
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

/** The side of a debugger in DBGp, the protocol that IDEs speak with Xdebug. */
final class Debugger
{
    private int $transaction = 0;

    public function __construct(private $socket)
    {
        $this->read();
    }

    private function read(): string
    {
        $length = (int) stream_get_line($this->socket, 32, "\0");
        $message = stream_get_contents($this->socket, $length);
        stream_get_contents($this->socket, 1);
        return (string) $message;
    }

    public function send(string $command): SimpleXMLElement
    {
        $id = ++$this->transaction;
        [$name, $arguments] = explode(' ', "$command ", 2);
        fwrite($this->socket, rtrim("$name -i $id $arguments") . "\0");
        return new SimpleXMLElement($this->read());
    }

    public function close(): void
    {
        fclose($this->socket);
    }

    public function line(string $command): int
    {
        return (int) $this->send($command)->children('xdebug', true)->message?->attributes()['lineno'];
    }

    /** Functions of the stack, innermost first. */
    public function stack(): string
    {
        $names = [];
        foreach ($this->send('stack_get')->stack as $frame) {
            $names[] = preg_replace('/:.*(?=})/', '', (string) $frame['where']);
        }
        return implode(' < ', $names);
    }

    public function variable(string $name): string
    {
        $property = $this->send("property_get -n $name")->property;
        return $property['encoding'] == 'base64' ? base64_decode((string) $property) : (string) $property;
    }
}

$script = script_file(<<<'CODE'
    <?php
    use Swoole\Coroutine;
    function work(int $n): int
    {
        $before = "step $n";
        Coroutine::sleep(0.01);
        $after = "$before done";
        return $n * 2;
    }
    Coroutine\run(function () {
        go(function () {
            for ($i = 0; $i < 5; $i++) {
                Coroutine::sleep(0.05);
            }
            echo "other $i\n";
        });
        go(function () {
            $result = work(21);
            echo "result $result\n";
        });
    });
    CODE);
$server = stream_socket_server('tcp://127.0.0.1:0');
$port = substr(strrchr(stream_socket_get_name($server, false), ':'), 1);
$command = php_command([
    'xdebug.mode' => 'debug', 'xdebug.start_with_request' => 'yes', 'xdebug.client_host' => '127.0.0.1', 'xdebug.client_port' => $port,
]);
$child = proc_open([...$command, $script], [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
$debugger = new Debugger(stream_socket_accept($server, 20));

$debugger->send("breakpoint_set -t line -f file://$script -n 5");
$debugger->send("breakpoint_set -t line -f file://$script -n 7");
echo 'breakpoint in line ', $debugger->line('run'), ' of ', $debugger->stack(), "\n";
echo 'over to line ', $debugger->line('step_over'), ': $before is ', $debugger->variable('$before'), "\n";
// The sleep: others run until this coroutine is back.
echo 'after the suspension line ', $debugger->line('run'), ' of ', $debugger->stack(), "\n";
echo 'over to line ', $debugger->line('step_over'), ': $after is ', $debugger->variable('$after'), "\n";
echo 'out to line ', $debugger->line('step_out'), ' of ', $debugger->stack(), "\n";
echo 'over to line ', $debugger->line('step_over'), ': $result is ', $debugger->variable('$result'), "\n";
echo $debugger->send('run')['status'], "\n";
$debugger->close();
echo stream_get_contents($pipes[1]), 'exit code ', proc_close($child), "\n";
?>
--EXPECTF--
breakpoint in line 5 of work < {closure} < {fiber}
over to line 6: $before is step 21
after the suspension line 7 of work < {closure} < {fiber}
over to line 8: $after is step 21 done
out to line 19 of {closure} < {fiber}
over to line 20: $result is 42
stopping
result 42
other 5
exit code 0
