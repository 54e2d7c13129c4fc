<?php

namespace Swoole;

/**
 * Rows of typed columns in memory shared with every process forked after `create()`, found by a key.
 *
 * Add columns, `create()` it, then fork. Each call is done whole or not at all, for every other process: a reader never sees half a row, and a process
 * that is killed in the middle of a call leaves the table as it was before or after that call, and nobody waiting.
 *
 * @native Table
 * @not-serializable
 */
class Table implements \Iterator, \Countable
{
    /** A signed 64-bit integer. */
    public const TYPE_INT = 1;
    /** Bytes, up to the column's size. */
    public const TYPE_STRING = 3;
    /** A double. */
    public const TYPE_FLOAT = 2;

    /** Rows, after `create()`. */
    public $size = null;
    /** Bytes for colliding keys, after `create()`. */
    public $memorySize = null;

    /**
     * @param int $table_size rows, rounded up to a power of two from 64 to 2 ** 31
     * @param float $conflict_proportion how many more for keys that collide, as a share of them: from 0.2 to 1
     */
    public function __construct(int $table_size, float $conflict_proportion = 0.2)
    {
    }

    /**
     * Adds a column.
     *
     * @param int $type `Table::TYPE_INT`, `Table::TYPE_FLOAT` or `Table::TYPE_STRING`
     * @param int $size for strings: how many bytes fit, rounded up to eight
     * @return bool false with a warning for an unknown type, a string without size, or after `create()`
     */
    public function column(string $name, int $type, int $size = 0): bool
    {
    }

    /**
     * Maps the memory. Not enough of it, or a second call, is a fatal error.
     */
    public function create(): bool
    {
    }

    /**
     * Ends the table, for every process: for others any use of it is a fatal error, here it can be constructed again.
     */
    public function destroy(): bool
    {
    }

    /**
     * Sets columns of a row, which is made if there is none. Columns that are not given stay as they are, or are 0 or '' in a new row;
     * what is no column is ignored.
     *
     * @param string $key at most 63 bytes; more are cut off with a warning
     * @param array $value column => value; a string that does not fit is cut off, with a line in the log
     * @return bool false with a warning when there is no room for the row
     */
    public function set(string $key, array $value): bool
    {
    }

    /**
     * A row, or one column of it.
     *
     * @return array|string|int|float|false false when there is no such row or column
     */
    public function get(string $key, ?string $field = null): array|string|int|float|false
    {
    }

    /**
     * How many rows it has; with `COUNT_RECURSIVE` times the number of columns.
     *
     * @accepts 1
     */
    public function count(): int
    {
    }

    /** Deletes a row. False when there is none. */
    public function del(string $key): bool
    {
    }

    /**
     * The same as {@see del()}.
     *
     * @rust del
     */
    public function delete(string $key): bool
    {
    }

    /** Whether there is a row of this key. */
    public function exists(string $key): bool
    {
    }

    /**
     * The same as {@see exists()}.
     *
     * @rust exists
     */
    public function exist(string $key): bool
    {
    }

    /**
     * Adds to a column of numbers, in one step for all processes. The row is made if there is none.
     *
     * @return int|float the sum; false with a warning when there is no room for the row, no such column, or it is one of strings
     */
    public function incr(string $key, string $column, int|float $incrby = 1): int|float
    {
    }

    /**
     * Subtracts from a column of numbers, in one step for all processes. The row is made if there is none.
     *
     * @return int|float the difference; false with a warning when there is no room for the row, no such column, or it is one of strings
     */
    public function decr(string $key, string $column, int|float $incrby = 1): int|float
    {
    }

    /** Rows: the constructor's number, rounded up. */
    public function getSize(): int
    {
    }

    /** Bytes for colliding keys, as Swoole counts them; 0 before `create()`. */
    public function getMemorySize(): int
    {
    }

    /**
     * Counters: `num` (rows), `conflict_count` (new keys that met others), `conflict_max_level` (the most that one met), `insert_count`,
     * `update_count`, `delete_count`, `available_slice_num` and `total_slice_num` (rows for colliding keys). False without constructor.
     */
    public function stats(): array|false
    {
    }

    /** To the first row, in an order of the table's own. */
    public function rewind(): void
    {
    }

    /** Whether there is a current row. A row whose key is '' ends an iteration. */
    public function valid(): bool
    {
    }

    /** To the next row. Rows that are deleted meanwhile may hide others that collide with them. */
    public function next(): void
    {
    }

    /** The current row as it was when the iteration came to it, or null. */
    public function current(): mixed
    {
    }

    /** The key of the current row, or null. */
    public function key(): mixed
    {
    }
}
