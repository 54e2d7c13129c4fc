--TEST--
swoole_substr_unserialize(): parts, options, errors
--FILE--
<?php
class Known
{
    public $a = 1;
}
// PHP 8.3 tells of what follows a value, and warns of what it only noticed before
set_error_handler(static fn (int $level, string $message) => print str_contains($message, 'Extra data') ? '' : "$message\n");
$list = serialize(['a', 2]);
foreach ([["xx$list", 2], ["xx{$list}yy", -strlen($list) - 2, strlen($list)], ["xx{$list}yy", 2], [$list, 0, 5], ['', 0], [$list, 99], [$list, -99], ['b:0;', 0]] as $arguments) {
    var_dump(swoole_substr_unserialize(...$arguments));
}
$object = serialize(new Known());
var_dump(swoole_substr_unserialize($object, 0, 0, ['allowed_classes' => ['Known']])::class);
var_dump(swoole_substr_unserialize($object, 0, 0, ['allowed_classes' => false])::class);
foreach ([['max_depth' => -1], ['allowed_classes' => 5], 'x'] as $options) {
    try {
        swoole_substr_unserialize($object, 0, 0, $options);
    } catch (Error $error) {
        echo $error::class, ': ', $error->getMessage(), "\n";
    }
}
?>
--EXPECT--
array(2) {
  [0]=>
  string(1) "a"
  [1]=>
  int(2)
}
array(2) {
  [0]=>
  string(1) "a"
  [1]=>
  int(2)
}
array(2) {
  [0]=>
  string(1) "a"
  [1]=>
  int(2)
}
swoole_substr_unserialize(): Error at offset 5 of 5 bytes
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
string(5) "Known"
string(22) "__PHP_Incomplete_Class"
ValueError: swoole_ext_unserialize(): Option "max_depth" must be greater than or equal to 0
TypeError: swoole_ext_unserialize(): Option "allowed_classes" must be of type array|bool, int given
TypeError: swoole_substr_unserialize(): Argument #4 ($options) must be of type array, string given
