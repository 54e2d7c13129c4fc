--TEST--
a table is constructed, created and destroyed, and is used only in between
--FILE--
<?php

require __DIR__ . '/../include/bootstrap.php';

use Swoole\Table;

$use = '$table->get("k");';
$cases = [
    'not constructed' => 'class T extends Swoole\Table { function __construct() {} } $table = new T; var_dump(count($table), $table->getSize(), $table->getMemorySize(), $table->stats());' . $use,
    'not created' => '$table = new Swoole\Table(8); var_dump(count($table));' . $use,
    'created twice' => '$table = new Swoole\Table(8); var_dump($table->create(), $table->create());',
    'destroyed' => '$table = new Swoole\Table(8); $table->create(); var_dump($table->destroy(), count($table), $table->stats(), $table->size);' . $use,
    'destroyed by the parent' => '$table = new Swoole\Table(8); $table->create(); $table->set("k", []); $go = new Swoole\Atomic();
        if (pcntl_fork() === 0) { $go->wait(10); var_dump(count($table)); ' . $use . ' }
        $table->destroy(); $go->wakeup(); pcntl_wait($status); var_dump(pcntl_wexitstatus($status));',
    'too large' => '$table = new Swoole\Table(2 ** 31); $table->column("s", Swoole\Table::TYPE_STRING, 2 ** 20); $table->create();',
];
foreach ($cases as $name => $code) {
    $result = run_php($code, ['display_errors=1', 'log_errors=0', 'html_errors=0']);
    $out = preg_replace(['/ in \S+ on line \d+/', '/ in \S+:\d+\n.*/s', '/\[[-\d: ]+ %[\d.]+\]/'], ['', "\n", '[time]'], $result['out']);
    echo "$name\n", trim($out), "\nexit {$result['code']}\n\n";
}

$table = new Table(8);
$table->column('a', Table::TYPE_INT);
$table->create();
$table->set('k', ['a' => 1]);
try {
    $table->__construct(100);
} catch (Error $error) {
    echo $error->getMessage(), "\n";
}
$table->destroy();
$table->__construct(100);
$table->column('b', Table::TYPE_INT);
var_dump($table->create(), $table->set('k', ['b' => 2]), $table->get('k'), $table->size);
for ($i = 0; $i < 10_000; $i++) {
    $many = new Table(1);
}
echo "done\n";
?>
--EXPECT--
not constructed
int(0)
int(0)
int(0)
bool(false)

Fatal error: Uncaught Swoole\Error: must call constructor first
exit 255

not created
int(0)

Fatal error: Swoole\Table::get(): table is not created or has been destroyed
exit 255

created twice
Fatal error: Swoole\Table::create(): unable to allocate memory
exit 255

destroyed
bool(true)
int(0)
bool(false)
int(64)

Fatal error: Uncaught Swoole\Error: must call constructor first
exit 255

destroyed by the parent
int(1)

Fatal error: Swoole\Table::get(): table is not created or has been destroyed
int(255)
exit 0

too large
[time]	WARNING	SharedMemory::alloc(): mmap(2702424453793848) failed, Error: Cannot allocate memory[12]

Fatal error: Swoole\Table::create(): unable to allocate memory
exit 255

Constructor of Swoole\Table can only be called once
bool(true)
bool(true)
array(1) {
  ["b"]=>
  int(2)
}
int(128)
done
