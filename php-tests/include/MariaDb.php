<?php

declare(strict_types=1);

/** A MariaDB of its own, which may be killed and started again on the same port with the same data. */
final class MariaDb
{
    public readonly int $port;
    public readonly string $user;
    public readonly string $password;
    public readonly string $database;
    private string $folder;
    /** @var list<string> */
    private array $command;
    private int $pid;
    private mixed $again = null;

    public function __construct()
    {
        $this->folder = sys_get_temp_dir() . '/steelwool-db-' . getmypid();
        $script = escapeshellarg(__DIR__ . '/mariadb');
        $folder = escapeshellarg($this->folder);
        exec("$script start $folder 2>&1", $lines, $status);
        if ($status !== 0) {
            throw new RuntimeException(implode("\n", $lines));
        }
        // However this process ends, and whichever server runs then.
        exec('(while kill -0 ' . getmypid() . " 2>/dev/null; do sleep 0.5; done; $script stop $folder) </dev/null >/dev/null 2>&1 &");
        $settings = parse_ini_string(implode("\n", $lines));
        $this->port = (int) $settings['STEELWOOL_MYSQL_PORT'];
        $this->user = $settings['STEELWOOL_MYSQL_USER'];
        $this->password = $settings['STEELWOOL_MYSQL_PASSWORD'];
        $this->database = $settings['STEELWOOL_MYSQL_DATABASE'];
        $this->pid = (int) file_get_contents("$this->folder/pid");
        $this->command = explode("\0", rtrim(file_get_contents("/proc/$this->pid/cmdline"), "\0"));
    }

    /** SIGKILL; returns when the process is gone. */
    public function kill(): void
    {
        posix_kill($this->pid, SIGKILL);
        while ($this->again === null ? $this->lives() : proc_get_status($this->again)['running']) {
            usleep(2000);
        }
        if ($this->again !== null) {
            proc_close($this->again);
            $this->again = null;
        }
    }

    /** Starts it again, and does not wait until it answers. */
    public function start(): void
    {
        $null = ['file', '/dev/null', 'a'];
        $this->again = proc_open($this->command, [['file', '/dev/null', 'r'], $null, $null], $pipes);
        $this->pid = proc_get_status($this->again)['pid'];
        file_put_contents("$this->folder/pid", "$this->pid\n");
    }

    /** Whether a thread of the first server runs; it is no child of this process, so it may be a zombie for a while. */
    private function lives(): bool
    {
        $stat = (string) @file_get_contents("/proc/$this->pid/stat");
        return $stat !== '' && (!str_contains($stat, ') Z ') || count((array) @scandir("/proc/$this->pid/task")) > 3);
    }

    /** Ends it and removes its data. */
    public function stop(): void
    {
        if ($this->again !== null) {
            $this->kill();
        }
        exec(escapeshellarg(__DIR__ . '/mariadb') . ' stop ' . escapeshellarg($this->folder));
    }
}
