<?php

/** Every object that is alive; false when there is none. */
function swoole_get_objects(): array|false
{
}

/** The object with this number (`spl_object_id()`); false when there is none. */
function swoole_get_object_by_handle(int $handle): object|false
{
}

/** How many objects (`object_num`) and resources (`resource_num`) there are. */
function swoole_get_vm_status(): array
{
}

/**
 * Marks the begin of the user's shutdown functions; for Swoole itself.
 *
 * @return bool false, with a warning, the second time
 */
function swoole_internal_call_user_shutdown_begin(): bool
{
}

/**
 * For Swoole's own tests.
 *
 * @param string $fn `fatal_error`, `bailout` (exits with `$args`, 95 by default), `abort`, `refcount` of `$args`, or `func_handler`
 * @throws Swoole\Exception for another one
 */
function swoole_implicit_fn(string $fn, mixed $args = null): mixed
{
}

/**
 * Reports memory that grows. Does nothing while the setting `swoole.leak_detection` is off.
 *
 * @param int $threshold least number of allocations to report
 * @throws Swoole\Error with `swoole.leak_detection`: not in this release
 */
function swoole_tracer_leak_detect(int $threshold = 64): void
{
}

/**
 * Begins a profile.
 *
 * @param ?array $options `root_path` (string)
 * @return bool false while the setting `swoole.profile` is off
 * @throws Swoole\Error with `swoole.profile`: not in this release
 */
function swoole_tracer_prof_begin(?array $options = null): bool
{
}

/**
 * Ends a profile and writes it.
 *
 * @return bool false when none was begun
 */
function swoole_tracer_prof_end(string $output_file): bool
{
}
