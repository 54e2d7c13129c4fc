--TEST--
children share their parent's table: sums are exact, and no reader sees half a row
--FILE--
<?php

use Swoole\Table;

$table = new Table(64, 1);
$table->column('n', Table::TYPE_INT);
$table->column('minus', Table::TYPE_INT);
$table->column('text', Table::TYPE_STRING, 40);
$table->column('sum', Table::TYPE_FLOAT);
$table->create();
$table->set('row', ['n' => 0, 'minus' => 0, 'text' => '']);

$children = [];
for ($child = 0; $child < 4; $child++) {
    $pid = pcntl_fork();
    if ($pid === 0) {
        $torn = 0;
        for ($i = 0; $i < 3000; $i++) {
            $n = $child * 10_000 + $i;
            $table->set('row', ['n' => $n, 'minus' => -$n, 'text' => str_repeat(chr(97 + $n % 26), $n % 41)]);
            $row = $table->get('row');
            $torn += $row['n'] !== -$row['minus'] || $row['text'] !== str_repeat(chr(97 + $row['n'] % 26), $row['n'] % 41);
            $table->incr('count', 'n');
            $table->decr('count', 'minus', 2);
            $table->incr('count', 'sum', 0.5);
            $table->set("own$child" . $i % 20, ['n' => $n]);
            $table->del("own$child" . ($i + 10) % 20);
        }
        exit($torn > 0 ? 1 : 0);
    }
    $children[] = $pid;
}
foreach ($children as $pid) {
    pcntl_waitpid($pid, $status);
    var_dump(pcntl_wexitstatus($status));
}
echo json_encode($table->get('count')), "\n";
var_dump(count($table) === count(array_keys(iterator_to_array($table))));
$stats = $table->stats();
var_dump($stats['num'] === $stats['insert_count'] - $stats['delete_count']);
?>
--EXPECT--
int(0)
int(0)
int(0)
int(0)
{"n":12000,"minus":-24000,"text":"","sum":6000}
bool(true)
bool(true)
