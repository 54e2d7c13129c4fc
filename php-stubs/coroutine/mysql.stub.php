<?php

namespace Swoole\Coroutine;

/**
 * A connection to a MySQL or MariaDB server; what waits for the server suspends only the calling coroutine.
 *
 * Methods return false when they fail, and say why in `$errno` and `$error` (`connect()`: in `$connect_errno` and `$connect_error`).
 * Between the first and the last word with the server a connection belongs to one coroutine: another one that uses it meanwhile gets
 * a `Swoole\Error`.
 *
 * @native MySQL
 * @not-serializable
 * @short-alias Co\MySQL
 */
class MySQL
{
    private $socket = null;
    /** What `connect()` was given. */
    public $serverInfo = null;
    /** Descriptor of the socket. */
    public $sock = -1;
    /** Whether `connect()` succeeded and `close()` was not called since; a broken connection is noticed when it is used. */
    public $connected = false;
    /** Why `connect()` failed, as a number. */
    public $connect_errno = 0;
    /** Why `connect()` failed. */
    public $connect_error = '';
    /** How many rows the last statement without a result set changed. */
    public $affected_rows = 0;
    /** The first automatic key that the last statement without a result set made. */
    public $insert_id = 0;
    /** Why the last call failed. */
    public $error = '';
    /** Why the last call failed, as a number: the server's, or a `SWOOLE_MYSQLND_CR_*`. */
    public $errno = 0;

    public function __construct()
    {
    }

    public function __destruct()
    {
    }

    /** Whether `query()` and `prepare()` only send, and `recv()` receives. */
    public function getDefer()
    {
    }

    /**
     * Lets `query()`, `prepare()` and `Statement::execute()` only send; `recv()` then waits for the answer.
     *
     * @param bool $defer
     * @return bool true
     */
    public function setDefer($defer = true)
    {
    }

    /**
     * Connects and logs in. A connection that is open stays as it is.
     *
     * @param array|null $server_config settings; what is left out here was given before
     *
     *     `host` (`unix:/path` for a Unix socket), `user`, `password`, `database`: required;
     *     `port`: 3306 if left out;
     *     `timeout`: seconds, 2 if left out, 0 or less for none;
     *     `charset`: name of a character set, `utf8` if left out;
     *     `strict_type`: numbers as int and float also from `query()`, and parameters of `execute()` by their type;
     *     `fetch_mode`: `query()` and `execute()` return true, and `fetch()` and `fetchAll()` read the rows;
     *     `ssl`: through TLS, which the server must then speak; its certificate is looked at only with `ssl_verify_peer`;
     *     `ssl_verify_peer`, `ssl_host_name` (`host` if left out), `ssl_cafile`, `ssl_capath`, `ssl_allow_self_signed`, `ssl_verify_depth`,
     *     `ssl_cert_file`, `ssl_key_file`, `ssl_passphrase`, `ssl_protocols`, `ssl_ciphers`: as in `Swoole\Coroutine\Client::set()`
     * @return bool
     * @throws MySQL\Exception when a required setting is missing or one cannot be used
     * @throws \Swoole\Error outside a coroutine
     */
    public function connect(#[\SensitiveParameter] array $server_config = [])
    {
    }

    /**
     * Runs a statement.
     *
     * @param string $sql
     * @param float $timeout seconds, 0 for the default of `Swoole\Coroutine::set()`, less for none; the connection is closed when they pass
     * @return array|bool rows by column name; true for a statement without result set, in fetch mode and in defer mode
     */
    public function query($sql, $timeout = 0)
    {
    }

    /**
     * The next row, null after the last one; in fetch mode.
     *
     * Like the others it takes a time-out as its argument.
     *
     * @accepts 1
     */
    public function fetch()
    {
    }

    /**
     * All rows that are left; in fetch mode.
     *
     * Like the others it takes a time-out as its argument.
     *
     * @accepts 1
     */
    public function fetchAll()
    {
    }

    /**
     * The next result of a statement with several, as `query()` returns it; null (in fetch mode false) after the last one.
     *
     * Like the others it takes a time-out as its argument.
     *
     * @accepts 1
     */
    public function nextResult()
    {
    }

    /**
     * Prepares a statement.
     *
     * @param string $query with `?` for parameters
     * @param float $timeout as in `query()`
     * @return MySQL\Statement|bool true in defer mode
     */
    public function prepare($query, $timeout = 0)
    {
    }

    /**
     * What `query()` or `prepare()` would have returned, in defer mode.
     *
     * Like the others it takes a time-out as its argument.
     *
     * @accepts 1
     */
    public function recv()
    {
    }

    /** Begins a transaction. */
    public function begin($timeout = 0)
    {
    }

    /** Makes the changes of the transaction permanent. */
    public function commit($timeout = 0)
    {
    }

    /** Takes the changes of the transaction back. */
    public function rollback($timeout = 0)
    {
    }

    /**
     * A string with the characters escaped that mean something inside quotes, in the connection's character set.
     *
     * @param string $string
     * @param int $flags not used
     * @return string
     */
    public function escape($string, $flags = 0)
    {
    }

    /** Closes the connection; a coroutine that waits for it gets false. */
    public function close()
    {
    }
}
