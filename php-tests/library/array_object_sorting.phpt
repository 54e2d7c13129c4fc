--TEST--
ArrayObject sorts in place and returns itself
--FILE--
<?php

declare(strict_types=1);

use Swoole\ArrayObject;

$compare = static fn ($a, $b) => strlen((string) $a) <=> strlen((string) $b);
foreach (['sort', 'rsort', 'asort', 'arsort', 'ksort', 'krsort', 'natsort', 'natcasesort', 'usort', 'uasort', 'uksort'] as $method) {
    $array = new ArrayObject(['b10' => 'img12', 'a' => 'IMG2', 'ccc' => 'img1']);
    $result = str_starts_with($method, 'u') ? $array->$method($compare) : $array->$method();
    echo $method, ' ', $result === $array ? 'itself ' : '', json_encode($array->toArray()), "\n";
}
echo json_encode((new ArrayObject(['10', 9, '1e1']))->sort(SORT_STRING)->toArray()), "\n";
$shuffled = new ArrayObject(range(1, 5));
var_dump($shuffled->shuffle() === $shuffled, $shuffled->sort()->toArray() === range(1, 5));
?>
--EXPECT--
sort itself ["IMG2","img1","img12"]
rsort itself ["img12","img1","IMG2"]
asort itself {"a":"IMG2","ccc":"img1","b10":"img12"}
arsort itself {"b10":"img12","ccc":"img1","a":"IMG2"}
ksort itself {"a":"IMG2","b10":"img12","ccc":"img1"}
krsort itself {"ccc":"img1","b10":"img12","a":"IMG2"}
natsort itself {"a":"IMG2","ccc":"img1","b10":"img12"}
natcasesort itself {"ccc":"img1","a":"IMG2","b10":"img12"}
usort itself ["IMG2","img1","img12"]
uasort itself {"a":"IMG2","ccc":"img1","b10":"img12"}
uksort itself {"a":"IMG2","b10":"img12","ccc":"img1"}
["10","1e1",9]
bool(true)
bool(true)
