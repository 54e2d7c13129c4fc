<?php

/**
 * The first address of a host, asked from a name server; see {@see \Swoole\Coroutine\System::dnsLookup()}.
 *
 * @param string $domain_name the host
 * @param float $timeout seconds to wait at most
 * @param int $type `AF_INET` or `AF_INET6`
 * @return string|false the address; false when there is none
 * @throws Swoole\Error outside a coroutine
 */
function swoole_async_dns_lookup_coro(string $domain_name, float $timeout = 60, int $type = AF_INET): string|false
{
}

/** Forgets the addresses that {@see \Swoole\Coroutine\System::gethostbyname()} and `dnsLookup()` keep. */
function swoole_clear_dns_cache(): void
{
}
