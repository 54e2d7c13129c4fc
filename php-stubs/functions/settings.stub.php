<?php

/**
 * Changes settings of the process; only before the event loop is there.
 *
 * @param array $settings
 *     - `log_file` (string: a path; standard output by default), `log_level` (int `SWOOLE_LOG_*`, `SWOOLE_LOG_INFO`),
 *       `log_date_format` (string for `strftime`, `%F %T`), `log_date_with_microseconds` (bool, false),
 *       `log_rotation` (int `SWOOLE_LOG_ROTATION_*`, `_SINGLE`), `display_errors` (bool, true)
 *     - `enable_coroutine` (bool, true): callbacks of timers and events run in coroutines of their own
 *     - `wait_signal` (bool, false): the event loop goes on while a signal is listened to
 *     - `dns_server` (string: `address` or `address:port`; the system's by default), `dns_cache_refresh_time` (float
 *       seconds, 60), `dns_lookup_random` (bool, false)
 *     - `max_thread_num` or `aio_worker_num` (int, 512): threads for calls that block, such as reading a file
 *     - `socket_dns_timeout`, `socket_connect_timeout`, `socket_read_timeout` (or `socket_recv_timeout`),
 *       `socket_write_timeout` (or `socket_send_timeout`), `socket_timeout` (read and write): float seconds, 60, 10, 60 and 60;
 *       what is not positive means for ever
 *     - `socket_buffer_size` (int bytes, or a string such as `2M`)
 *
 *     others are ignored
 * @return bool true
 */
function swoole_async_set(array $settings): bool
{
}
