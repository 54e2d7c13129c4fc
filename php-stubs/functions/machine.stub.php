<?php

/** Processors that are online. */
function swoole_cpu_num(): int
{
}

/**
 * The addresses of this machine's interfaces that are up, without loopback ones.
 *
 * @param int $family `AF_INET` or `AF_INET6`
 * @return array the address by the name of the interface; the last one of several
 */
function swoole_get_local_ip(int $family = 2): array
{
}

/**
 * The hardware addresses of this machine's interfaces that have an IPv4 address, without loopback ones.
 *
 * @return array such as `02:FC:00:00:00:01` by the name of the interface
 */
function swoole_get_local_mac(): array
{
}

/**
 * Sets what `ps` shows of this process, as PHP's `cli_set_process_title()` does.
 *
 * @return bool false, with a warning, where PHP cannot
 */
function swoole_set_process_name(string $process_name): bool
{
}
