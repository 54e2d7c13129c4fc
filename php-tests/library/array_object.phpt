--TEST--
ArrayObject: reading, changing and deriving
--FILE--
<?php

declare(strict_types=1);

use Swoole\ArrayObject;
use Swoole\StringObject;

function show(string $method, mixed ...$arguments): void
{
    $array = new ArrayObject(['x' => 's', 'y' => [1, 2], 3 => 7, 4 => null, 5 => 7, 6 => '7']);
    $result = $array->$method(...$arguments);
    $type = match (true) {
        $result === $array => 'itself',
        is_object($result) => get_class($result),
        default => get_debug_type($result),
    };
    $value = $result instanceof ArrayObject ? $result->toArray() : ($result instanceof StringObject ? (string) $result : $result);
    echo "$method: $type ", json_encode($value), ' ', $result === $array || $array->toArray() === ['x' => 's', 'y' => [1, 2], 3 => 7, 4 => null, 5 => 7, 6 => '7']
        ? '' : json_encode($array->toArray()), "\n";
}

foreach (['get', 'getOr', 'offsetGet', 'exists', 'offsetExists'] as $method) {
    show($method, 'x');
    show($method, 'y');
    show($method, 4);
    if ($method !== 'get') {
        show($method, 'missing');
    }
}
show('getOr', 'missing', 5);
foreach (['first', 'last', 'firstKey', 'lastKey', 'pop', 'popFront', 'popBack', 'clear', 'isEmpty', 'count', 'current', 'key', 'next', 'valid', 'rewind', 'values', 'reverse', 'serialize'] as $method) {
    show($method);
}
show('contains', '7');
show('contains', 's', false);
show('search', 7);
show('search', '7', false);
show('indexOf', 'none');
show('lastIndexOf', 7);
show('lastIndexOf', 7, false);
show('lastIndexOf', 'none');
show('delete', 'x');
show('remove', 7);
show('remove', 7, true, true);
show('remove', 7, false, true);
show('set', 'k', 1);
show('offsetSet', null, 1);
show('push', 1);
show('pushBack', 1);
show('pushFront', 1);
show('append', 1, 2);
show('insert', 1, [5]);
show('insert', -1, null);
show('slice', 1, 2, true);
show('keys');
show('keys', 7);
show('chunk', 4);
show('reverse', true);
show('filter', is_int(...));
show('map', get_debug_type(...));
show('reduce', static fn ($carry, $value) => $carry . gettype($value)[0]);
show('unserialize', 'i:5;');

try {
    (new ArrayObject())->get('missing');
} catch (RuntimeException $error) {
    echo get_class($error), ': ', $error->getMessage(), "\n";
}
try {
    (new ArrayObject([1]))->get(5);
} catch (Swoole\Exception\ArrayKeyNotExists $error) {
    var_dump($error->getMessage());
}
$empty = new ArrayObject();
var_dump($empty->first(), $empty->last(), $empty->pop(), $empty->isEmpty(), $empty->sum(), $empty->product());
$empty[] = 'a';
$empty['b'] = 'c';
var_dump(isset($empty['b'], $empty['']), $empty['none'], count($empty), $empty->join('-')->toString());
unset($empty['b']);
foreach ($empty as $key => $value) {
    var_dump($key, $value);
}
var_dump(unserialize(serialize(new ArrayObject([1, 'a' => [2]]))) == new ArrayObject([1, 'a' => [2]]), serialize(new ArrayObject([1])));
$copy = (new ArrayObject(['a', 'b', 'c']))->each(function (&$value, $key) {
    $value .= $key;
});
var_dump($copy->toArray(), $copy->flip()->toArray(), in_array((string) $copy->randomGet(), ['a0', 'b1', 'c2'], true));
var_dump(_array([3])->sum(), swoole_array([2, 3])->product(), swoole_array_list(1, 2)->toArray());
var_dump(ArrayObject::from([['id' => 3, 'v' => 'x'], ['id' => 4, 'v' => 'y']])->column('v', 'id')->toArray(), ArrayObject::from([1, '1', 2])->unique()->toArray());
?>
--EXPECT--
get: Swoole\StringObject "s" 
get: Swoole\ArrayObject [1,2] 
get: null null 
getOr: Swoole\StringObject "s" 
getOr: Swoole\ArrayObject [1,2] 
getOr: null null 
getOr: null null 
offsetGet: string "s" 
offsetGet: array [1,2] 
offsetGet: null null 
offsetGet: null null 
exists: bool true 
exists: bool true 
exists: bool true 
exists: bool false 
offsetExists: bool true 
offsetExists: bool true 
offsetExists: bool false 
offsetExists: bool false 
getOr: int 5 
first: Swoole\StringObject "s" 
last: Swoole\StringObject "7" 
firstKey: string "x" 
lastKey: int 6 
pop: string "7" {"x":"s","y":[1,2],"3":7,"4":null,"5":7}
popFront: string "s" {"y":[1,2],"0":7,"1":null,"2":7,"3":"7"}
popBack: string "7" {"x":"s","y":[1,2],"3":7,"4":null,"5":7}
clear: itself [] 
isEmpty: bool false 
count: int 6 
current: string "s" 
key: string "x" 
next: array [1,2] 
valid: bool true 
rewind: string "s" 
values: Swoole\ArrayObject ["s",[1,2],7,null,7,"7"] 
reverse: Swoole\ArrayObject {"0":"7","1":7,"2":null,"3":7,"y":[1,2],"x":"s"} 
serialize: string "a:6:{s:1:\"x\";s:1:\"s\";s:1:\"y\";a:2:{i:0;i:1;i:1;i:2;}i:3;i:7;i:4;N;i:5;i:7;i:6;s:1:\"7\";}" 
contains: bool true 
contains: bool true 
search: int 3 
search: int 3 
indexOf: bool false 
lastIndexOf: int 5 
lastIndexOf: int 6 
lastIndexOf: null null 
delete: itself {"y":[1,2],"3":7,"4":null,"5":7,"6":"7"} 
remove: itself {"x":"s","y":[1,2],"4":null,"5":7,"6":"7"} 
remove: itself {"x":"s","y":[1,2],"4":null,"6":"7"} 
remove: itself {"x":"s","y":[1,2],"4":null} 
set: itself {"x":"s","y":[1,2],"3":7,"4":null,"5":7,"6":"7","k":1} 
offsetSet: null null {"x":"s","y":[1,2],"3":7,"4":null,"5":7,"6":"7","":1}
push: int 7 {"x":"s","y":[1,2],"3":7,"4":null,"5":7,"6":"7","7":1}
pushBack: int 7 {"x":"s","y":[1,2],"3":7,"4":null,"5":7,"6":"7","7":1}
pushFront: int 7 {"0":1,"x":"s","y":[1,2],"1":7,"2":null,"3":7,"4":"7"}
append: itself {"x":"s","y":[1,2],"3":7,"4":null,"5":7,"6":"7","7":1,"8":2} 
insert: itself {"x":"s","0":[5],"y":[1,2],"1":7,"2":null,"3":7,"4":"7"} 
insert: itself {"x":"s","y":[1,2],"0":7,"1":null,"2":7,"3":null,"4":"7"} 
slice: Swoole\ArrayObject {"y":[1,2],"3":7} 
keys: Swoole\ArrayObject ["x","y",3,4,5,6] 
keys: Swoole\ArrayObject [3,5,6] 
chunk: Swoole\ArrayObject [["s",[1,2],7,null],[7,"7"]] 
reverse: Swoole\ArrayObject {"6":"7","5":7,"4":null,"3":7,"y":[1,2],"x":"s"} 
filter: Swoole\ArrayObject {"3":7,"5":7} 
map: Swoole\ArrayObject {"x":"string","y":"array","3":"int","4":"null","5":"int","6":"string"} 
reduce: string "saiNis" 
unserialize: itself [5] 
Swoole\Exception\ArrayKeyNotExists: missing
string(1) "5"
NULL
NULL
NULL
bool(true)
int(0)
int(1)
bool(true)
NULL
int(2)
string(3) "a-c"
string(0) ""
string(1) "a"
bool(true)
string(38) "O:18:"Swoole\ArrayObject":1:{i:0;i:1;}"
array(3) {
  [0]=>
  string(2) "a0"
  [1]=>
  string(2) "b1"
  [2]=>
  string(2) "c2"
}
array(3) {
  ["a0"]=>
  int(0)
  ["b1"]=>
  int(1)
  ["c2"]=>
  int(2)
}
bool(true)
int(3)
int(6)
array(2) {
  [0]=>
  int(1)
  [1]=>
  int(2)
}
array(2) {
  [3]=>
  string(1) "x"
  [4]=>
  string(1) "y"
}
array(2) {
  [0]=>
  int(1)
  [2]=>
  int(2)
}
