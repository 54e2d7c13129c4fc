<?php

namespace Swoole\Coroutine\MySQL;

/**
 * A prepared statement; made by `MySQL::prepare()`, forgotten by the server when it is destroyed.
 *
 * Its properties are also set on the connection.
 *
 * @native Statement
 * @not-serializable
 * @short-alias Co\MySQL\Statement
 */
class Statement
{
    /** The server's number for it. */
    public $id = 0;
    /** How many rows the last execution changed. */
    public $affected_rows = 0;
    /** The first automatic key that the last execution made. */
    public $insert_id = 0;
    /** Why the last call failed. */
    public $error = '';
    /** Why the last call failed, as a number. */
    public $errno = 0;

    /**
     * Runs it.
     *
     * @param array|null $params values for the `?`, in order
     * @param float $timeout as in `MySQL::query()`
     * @return array|bool rows by column name, values by column type; true for a statement without result set, in fetch mode and in defer mode
     */
    public function execute($params = null, $timeout = 0)
    {
    }

    /** The next row, null after the last one; in fetch mode. */
    public function fetch($timeout = 0)
    {
    }

    /** All rows that are left; in fetch mode. */
    public function fetchAll($timeout = 0)
    {
    }

    /** The next result of a procedure call, as `execute()` returns it; null (in fetch mode false) after the last one. */
    public function nextResult($timeout = 0)
    {
    }

    /** What `execute()` would have returned, in defer mode. */
    public function recv($timeout = 0)
    {
    }

    /** Lets the server forget it. */
    public function close()
    {
    }
}
