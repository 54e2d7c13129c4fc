<?php

declare(strict_types=1);

/** User and system CPU time of this process so far, in seconds. */
function cpu_seconds(): float
{
    $usage = getrusage();
    return $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec']
        + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) / 1e6;
}

/** A line of /proc/self/status in bytes: VmRSS, VmPTE, VmHWM. */
function status_bytes(string $name): int
{
    preg_match("/^$name:\s+(\d+) kB/m", file_get_contents('/proc/self/status'), $match);
    return 1024 * (int) $match[1];
}

/** Runs `$work($n)` once small to warm up and once in full, and prints the CPU nanoseconds of one of its `$n`. */
function report(int $n, callable $work): void
{
    $work(min($n, 2000));
    $start = cpu_seconds();
    $work($n);
    echo json_encode(['cpu_ns' => (cpu_seconds() - $start) / $n * 1e9]), "\n";
}
