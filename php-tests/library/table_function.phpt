--TEST--
swoole_table() makes a table from a line of text; processors of a container
--FILE--
<?php

declare(strict_types=1);

$table = swoole_table(10, ' id:int, score : f,name:string:8 ');
$table->set('k', ['id' => 1, 'score' => 1.5, 'name' => 'n']);
var_dump($table->get('k'));
foreach (['id:q', 'name:s', 'name:s:x', 'name:string:-1'] as $bad) {
    try {
        swoole_table(10, $bad);
    } catch (RuntimeException $error) {
        echo $error->getMessage(), "\n";
    }
}
putenv('SWOOLE_CPU_NUM=3');
var_dump(swoole_container_cpu_num());
putenv('SWOOLE_CPU_NUM');
var_dump(swoole_container_cpu_num() >= 1, is_bool(swoole_is_in_container()));
?>
--EXPECT--
array(3) {
  ["id"]=>
  int(1)
  ["score"]=>
  float(1.5)
  ["name"]=>
  string(1) "n"
}
unknown field type[q]
need to give string length
invalid string length[0]
invalid string length[-1]
int(3)
bool(true)
bool(true)
