<?php

declare(strict_types=1);

/** A PHP script that listens on a port, in a child process with the extension and ini of this one. */
final class ServerProcess
{
    /** @var resource|null */
    private $process;
    private string $log;
    private int $ended = -1;
    private int $signal = 0;

    private function __construct(public readonly int $port, array $command, array $env)
    {
        $this->log = tempnam(sys_get_temp_dir(), 'steelwool');
        $this->process = proc_open(
            $command,
            [['file', '/dev/null', 'r'], ['file', $this->log, 'w'], ['redirect', 1]],
            $pipes,
            null,
            $env + ['PORT' => (string) $port] + getenv(),
        );
    }

    /**
     * Starts `$code` (or the file of that path) and waits until it accepts connections. The script finds its port in
     * `$argv[1]` and in the environment as PORT.
     *
     * @throws RuntimeException with the child's output when it did not start listening
     */
    public static function start(string $code, array $ini = [], array $env = [], float $seconds = 15.0): self
    {
        $port = free_port();
        $file = !str_contains($code, "\n") && is_file($code) ? $code : script_file($code);
        $server = new self($port, [...php_command($ini), $file, (string) $port], $env);
        $end = microtime(true) + $seconds;
        while (!wait_for_port($port, 0.05)) {
            if (!$server->running() || microtime(true) > $end) {
                $output = $server->output();
                $server->kill();
                throw new RuntimeException("the server did not start: $output");
            }
        }
        if (!$server->running()) {
            throw new RuntimeException('somebody else listens there: ' . $server->output());
        }
        return $server;
    }

    /** The child's process id. */
    public function pid(): int
    {
        return $this->process === null ? 0 : proc_get_status($this->process)['pid'];
    }

    /** Whether the child still runs. */
    public function running(): bool
    {
        if ($this->process === null) {
            return false;
        }
        $status = proc_get_status($this->process);
        if ($status['running']) {
            return true;
        }
        $this->ended = $status['signaled'] ? -1 : $status['exitcode'];
        $this->signal = $status['signaled'] ? $status['termsig'] : 0;
        proc_close($this->process);
        $this->process = null;
        return false;
    }

    /** What the child has printed so far, errors included. */
    public function output(): string
    {
        return (string) file_get_contents($this->log);
    }

    /** Waits until the child's output holds `$text`. */
    public function waitForOutput(string $text, float $seconds = 10.0): bool
    {
        $end = microtime(true) + $seconds;
        while (!str_contains($this->output(), $text)) {
            if (microtime(true) > $end) {
                return false;
            }
            usleep(2000);
        }
        return true;
    }

    /** Waits until the child ends by itself and returns its exit code; -1 when a signal ended it or it still runs. */
    public function wait(float $seconds = 10.0): int
    {
        $end = microtime(true) + $seconds;
        while ($this->running() && microtime(true) < $end) {
            usleep(2000);
        }
        return $this->ended;
    }

    /** The signal that ended the child, or 0. */
    public function signal(): int
    {
        $this->running();
        return $this->signal;
    }

    /** Sends a signal to the child. */
    public function send(int $signal): void
    {
        if ($this->running()) {
            proc_terminate($this->process, $signal);
        }
    }

    /** Ends the child with SIGTERM, after five seconds with SIGKILL, and returns all its output. */
    public function stop(): string
    {
        $this->send(SIGTERM);
        $this->wait(5.0);
        $this->kill();
        return $this->output();
    }

    /** Ends the child at once. */
    public function kill(): void
    {
        $this->send(SIGKILL);
        $this->wait();
    }

    public function __destruct()
    {
        $this->kill();
        @unlink($this->log);
    }
}
