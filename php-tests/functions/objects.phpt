--TEST--
swoole_get_objects(), swoole_get_object_by_handle(), swoole_get_vm_status()
--FILE--
<?php
var_dump(swoole_get_object_by_handle(1));
$one = new ArrayObject();
$two = new stdClass();
foreach (swoole_get_objects() as $object) {
    echo $object::class, "\n";
}
unset($object);
var_dump(swoole_get_object_by_handle(spl_object_id($two)) === $two);
foreach ([0, -1, 99999, PHP_INT_MAX] as $wrong) {
    var_dump(swoole_get_object_by_handle($wrong));
}
$before = swoole_get_vm_status();
$three = [new stdClass(), fopen('php://memory', 'r')];
$after = swoole_get_vm_status();
var_dump($after['object_num'] - $before['object_num'], $after['resource_num'] > $before['resource_num']);
// what was given back is gone
unset($one);
var_dump(count(swoole_get_objects()) === $after['object_num'] - 1);
?>
--EXPECT--
bool(false)
ArrayObject
stdClass
bool(true)
bool(false)
bool(false)
bool(false)
bool(false)
int(1)
bool(true)
bool(true)
