--TEST--
a value whose conversion throws leaves the row as it was, and may even destroy the table
--FILE--
<?php

use Swoole\Table;

class Throwing
{
    public function __toString(): string
    {
        throw new Exception('no text');
    }
}

class Destroying
{
    public function __construct(private Table $table)
    {
    }

    public function __toString(): string
    {
        $this->table->destroy();
        return 'x';
    }
}

$table = new Table(8);
$table->column('i', Table::TYPE_INT);
$table->column('s', Table::TYPE_STRING, 8);
$table->create();
$table->set('k', ['i' => 1, 's' => 'one']);
try {
    $table->set('k', ['i' => 2, 's' => new Throwing()]);
} catch (Exception $exception) {
    echo $exception->getMessage(), ' ', json_encode($table->get('k')), "\n";
}
try {
    $table->set('new', ['s' => new Throwing()]);
} catch (Exception $exception) {
    echo $exception->getMessage(), ' ', count($table), "\n";
}
var_dump($table->set('k', ['s' => new Destroying($table)]), count($table));
?>
--EXPECT--
no text {"i":1,"s":"one"}
no text 1
bool(true)
int(0)
