--TEST--
What cannot be done is refused in Swoole's words
--FILE--
<?php

declare(strict_types=1);

use Swoole\Process;

function attempt(callable $what): void
{
    try {
        var_dump($what());
    } catch (Throwable $thrown) {
        echo get_class($thrown), ': ', $thrown->getMessage(), "\n";
    }
}

$process = new Process(static fn () => sleep(10));
attempt(static fn () => $process->__construct(static fn () => null));
attempt(static fn () => clone $process);
attempt(static fn () => serialize($process));
attempt(static function () use ($process): void { unset($process->pid); });
attempt(static fn () => $process->exit());
attempt(static fn () => $process->write(''));
attempt(static fn () => $process->push('x'));
attempt(static fn () => $process->pop());
attempt(static fn () => $process->statQueue());
attempt(static fn () => $process->freeQueue());
attempt(static fn () => $process->exec('', []));
attempt(static fn () => $process->exec('/no/such/program', ['x']));
attempt(static fn () => $process->start() === $process->pid);
attempt(static fn () => $process->start());
attempt(static fn () => Process::kill($process->pid, 0));
attempt(static fn () => Process::kill($process->pid, SIGKILL));
attempt(static fn () => Process::wait()['signal']);
attempt(static fn () => Process::wait());
attempt(static fn () => swoole_errno() === PCNTL_ECHILD);
attempt(static fn () => Process::kill($process->pid, 0));
attempt(static fn () => Process::kill(2 ** 30));
attempt(static fn () => $process->close());
attempt(static fn () => $process->close());
attempt(static fn () => $process->read());
attempt(static fn () => $process->write('x'));
attempt(static fn () => $process->setTimeout(1.0));
attempt(static fn () => $process->setBlocking(false));
attempt(static fn () => $process->exportSocket());
attempt(static fn () => $process->getPriority(PRIO_USER));
attempt(static fn () => Process::setAffinity([]));
attempt(static fn () => Process::setAffinity([9999]));
attempt(static fn () => Process::setAffinity(range(0, 9999)));

?>
--EXPECTF--
Error: Constructor of Swoole\Process can only be called once
Error: Trying to clone an uncloneable object of class Swoole\Process
Exception: Serialization of 'Swoole\Process' is not allowed
Error: Property pid of class Swoole\Process cannot be unset

Warning: Swoole\Process::exit(): not current process in %s on line %d
bool(false)

Warning: Swoole\Process::write(): the data to send is empty in %s on line %d
bool(false)

Warning: Swoole\Process::push(): no msgqueue, cannot use push() in %s on line %d
bool(false)

Warning: Swoole\Process::pop(): no msgqueue, cannot use pop() in %s on line %d
bool(false)

Warning: Swoole\Process::statQueue(): no queue, can't get stats of the queue in %s on line %d
bool(false)
bool(false)

Warning: Swoole\Process::exec(): exec file name is empty in %s on line %d
bool(false)

Warning: Swoole\Process::exec(): execv(/no/such/program) failed, Error: No such file or directory[2] in %s on line %d
bool(false)
bool(true)

Warning: Swoole\Process::start(): process has already been started in %s on line %d
bool(false)
bool(true)
bool(true)
int(9)
bool(false)
bool(true)
bool(false)

Warning: Swoole\Process::kill(): kill(1073741824, 15) failed, Error: No such process[3] in %s on line %d
bool(false)
bool(true)

Warning: Swoole\Process::close(): no pipe, cannot close the pipe in %s on line %d
bool(false)

Warning: Swoole\Process::read(): no pipe, cannot read from pipe in %s on line %d
bool(false)

Warning: Swoole\Process::write(): no pipe, cannot write into pipe in %s on line %d
bool(false)

Warning: Swoole\Process::setTimeout(): no pipe, cannot setTimeout the pipe in %s on line %d
bool(false)

Warning: Swoole\Process::setBlocking(): no pipe, cannot setBlocking the pipe in %s on line %d
bool(false)

Warning: Swoole\Process::exportSocket(): no pipe, cannot export stream in %s on line %d
bool(false)

Warning: Swoole\Process::getPriority(): $who parameter must not be null in %s on line %d
bool(false)
bool(false)

Warning: Swoole\Process::setAffinity(): invalid cpu id [9999] in %s on line %d
bool(false)

Warning: Swoole\Process::setAffinity(): More than the number of CPU in %s on line %d
bool(false)
