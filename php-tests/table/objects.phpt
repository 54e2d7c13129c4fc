--TEST--
wrong arguments, and what a table object refuses
--FILE--
<?php

use Swoole\Table;

function attempt(Closure $what): void
{
    try {
        var_dump($what());
    } catch (Throwable $error) {
        echo get_class($error), ': ', $error->getMessage(), "\n";
    }
}

$table = new Table(8);
$table->column('i', Table::TYPE_INT);
$table->create();
attempt(fn () => new Table());
attempt(fn () => new Table('x'));
attempt(fn () => new Table(1, 'x'));
attempt(fn () => $table->column('s'));
attempt(fn () => $table->column('s', 'x'));
attempt(fn () => $table->set('k'));
attempt(fn () => $table->set('k', 1));
attempt(fn () => $table->set([], []));
attempt(fn () => $table->get());
attempt(fn () => $table->get('k', []));
attempt(fn () => $table->incr('k'));
attempt(fn () => $table->incr([], 'i'));
attempt(fn () => $table->count('x'));
attempt(fn () => @$table->set(null, ['i' => 5]));
attempt(fn () => @$table->get(null, 'i'));
attempt(fn () => $table->set(1.5, ['i' => 6]));
attempt(fn () => $table->get('1.5', 'i'));
attempt(fn () => clone $table);
attempt(fn () => serialize($table));
attempt(fn () => $table['k']);
attempt(function () use ($table) {
    unset($table->size);
});
?>
--EXPECT--
ArgumentCountError: Swoole\Table::__construct() expects at least 1 argument, 0 given
TypeError: Swoole\Table::__construct(): Argument #1 ($table_size) must be of type int, string given
TypeError: Swoole\Table::__construct(): Argument #2 ($conflict_proportion) must be of type float, string given
ArgumentCountError: Swoole\Table::column() expects at least 2 arguments, 1 given
TypeError: Swoole\Table::column(): Argument #2 ($type) must be of type int, string given
ArgumentCountError: Swoole\Table::set() expects exactly 2 arguments, 1 given
TypeError: Swoole\Table::set(): Argument #2 ($value) must be of type array, int given
TypeError: Swoole\Table::set(): Argument #1 ($key) must be of type string, array given
ArgumentCountError: Swoole\Table::get() expects at least 1 argument, 0 given
TypeError: Swoole\Table::get(): Argument #2 ($field) must be of type ?string, array given
ArgumentCountError: Swoole\Table::incr() expects at least 2 arguments, 1 given
TypeError: Swoole\Table::incr(): Argument #1 ($key) must be of type string, array given
TypeError: Swoole\Table::count(): Argument #1 must be of type int, string given
bool(true)
int(5)
bool(true)
int(6)
Error: Trying to clone an uncloneable object of class Swoole\Table
Exception: Serialization of 'Swoole\Table' is not allowed
Error: Cannot use object of type Swoole\Table as array
Error: Property size of class Swoole\Table cannot be unset
