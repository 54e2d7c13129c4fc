--TEST--
size, memory size and rows for colliding keys follow from the constructor and the columns
--FILE--
<?php

use Swoole\Table;

foreach ([0, 64, 65, 1000, 100_000, 2 ** 32 + 5] as $size) {
    foreach ([0.2, 0.5, 1, 2, -1, 0.33] as $proportion) {
        $table = new Table($size, $proportion);
        $table->column('int', Table::TYPE_INT, 3);
        $table->column('text', Table::TYPE_STRING, 5);
        $table->column('float', Table::TYPE_FLOAT);
        $before = [$table->getSize(), $table->getMemorySize(), $table->size, $table->memorySize];
        $table->create();
        $stats = $table->stats();
        echo json_encode([$size, $proportion, $before, $table->getSize(), $table->getMemorySize(), $table->size, $table->memorySize,
            $stats['available_slice_num'], $stats['total_slice_num']]), "\n";
    }
}
echo (new Table(-1))->getSize(), ' ', (new Table(2 ** 30 + 1))->getSize(), "\n";

$table = new Table(64);
$table->create();
echo json_encode([$table->getMemorySize(), $table->set('k', ['a' => 1]), $table->get('k'), count($table)]), "\n";
?>
--EXPECT--
[0,0.2,[64,0,null,null],64,1728,64,1728,12,12]
[0,0.5,[64,0,null,null],64,4528,64,4528,32,32]
[0,1,[64,0,null,null],64,9008,64,9008,64,64]
[0,2,[64,0,null,null],64,9008,64,9008,64,64]
[0,-1,[64,0,null,null],64,1728,64,1728,12,12]
[0,0.33,[64,0,null,null],64,2988,64,2988,21,21]
[64,0.2,[64,0,null,null],64,1728,64,1728,12,12]
[64,0.5,[64,0,null,null],64,4528,64,4528,32,32]
[64,1,[64,0,null,null],64,9008,64,9008,64,64]
[64,2,[64,0,null,null],64,9008,64,9008,64,64]
[64,-1,[64,0,null,null],64,1728,64,1728,12,12]
[64,0.33,[64,0,null,null],64,2988,64,2988,21,21]
[65,0.2,[128,0,null,null],128,3548,128,3548,25,25]
[65,0.5,[128,0,null,null],128,9008,128,9008,64,64]
[65,1,[128,0,null,null],128,17968,128,17968,128,128]
[65,2,[128,0,null,null],128,17968,128,17968,128,128]
[65,-1,[128,0,null,null],128,3548,128,3548,25,25]
[65,0.33,[128,0,null,null],128,5928,128,5928,42,42]
[1000,0.2,[1024,0,null,null],1024,28608,1024,28608,204,204]
[1000,0.5,[1024,0,null,null],1024,71728,1024,71728,512,512]
[1000,1,[1024,0,null,null],1024,143408,1024,143408,1024,1024]
[1000,2,[1024,0,null,null],1024,143408,1024,143408,1024,1024]
[1000,-1,[1024,0,null,null],1024,28608,1024,28608,204,204]
[1000,0.33,[1024,0,null,null],1024,47228,1024,47228,337,337]
[100000,0.2,[131072,0,null,null],131072,3670008,131072,3670008,26214,26214]
[100000,0.5,[131072,0,null,null],131072,9175088,131072,9175088,65536,65536]
[100000,1,[131072,0,null,null],131072,18350128,131072,18350128,131072,131072]
[100000,2,[131072,0,null,null],131072,18350128,131072,18350128,131072,131072]
[100000,-1,[131072,0,null,null],131072,3670008,131072,3670008,26214,26214]
[100000,0.33,[131072,0,null,null],131072,6055468,131072,6055468,43253,43253]
[4294967301,0.2,[64,0,null,null],64,1728,64,1728,12,12]
[4294967301,0.5,[64,0,null,null],64,4528,64,4528,32,32]
[4294967301,1,[64,0,null,null],64,9008,64,9008,64,64]
[4294967301,2,[64,0,null,null],64,9008,64,9008,64,64]
[4294967301,-1,[64,0,null,null],64,1728,64,1728,12,12]
[4294967301,0.33,[64,0,null,null],64,2988,64,2988,21,21]
2147483648 2147483648
[1392,true,[],1]
