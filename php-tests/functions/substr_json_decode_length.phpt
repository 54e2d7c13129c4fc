--TEST--
swoole_substr_json_decode() reads the part and nothing behind it (Swoole reads on)
--FILE--
<?php
var_dump(swoole_substr_json_decode('[1,2]xx', 0, 5), swoole_substr_json_decode('[1,2]', 0, 3));
?>
--EXPECT--
array(2) {
  [0]=>
  int(1)
  [1]=>
  int(2)
}
NULL
