<?php

/** The error code of the last operation of Swoole's that failed, `SWOOLE_ERROR_*` or an errno. */
function swoole_last_error(): int
{
}

/** The errno of the last system call that failed. */
function swoole_errno(): int
{
}

/** Sets {@see swoole_last_error()} to 0. */
function swoole_clear_error(): void
{
}

/**
 * The text of an error code.
 *
 * @param int $error_type `SWOOLE_STRERROR_SYSTEM` (errno), `_GAI` (name resolution), `_DNS` or `_SWOOLE`
 */
function swoole_strerror(int $errno, int $error_type = SWOOLE_STRERROR_SYSTEM): string
{
}

/**
 * Writes a line to Swoole's log.
 *
 * @param int $level `SWOOLE_LOG_*`; lines below the setting `log_level` are not written
 * @param string $msg what it says
 */
function swoole_error_log(int $level, string $msg): void
{
}

/**
 * Writes a line with an error number to Swoole's log, and sets {@see swoole_last_error()} to that number.
 *
 * @param int $level `SWOOLE_LOG_*`; lines below the setting `log_level` are not written
 * @param int $error the number
 * @param string $msg what it says
 */
function swoole_error_log_ex(int $level, int $error, string $msg): void
{
}

/** From now on this error is not logged. */
function swoole_ignore_error(int $error): void
{
}
