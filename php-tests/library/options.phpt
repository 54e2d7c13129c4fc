--TEST--
options of the library: set one, set all, ask for one that was never set
--FILE--
<?php

declare(strict_types=1);

var_dump(swoole_library_get_options(), swoole_library_get_option('a'));
swoole_library_set_option('a', 1);
swoole_library_set_option('b', null);
var_dump(swoole_library_get_option('a'), swoole_library_get_options());
swoole_library_set_options(['c' => [1]]);
var_dump(swoole_library_get_option('a'), swoole_library_get_options());
?>
--EXPECT--
array(0) {
}
NULL
int(1)
array(2) {
  ["a"]=>
  int(1)
  ["b"]=>
  NULL
}
NULL
array(1) {
  ["c"]=>
  array(1) {
    [0]=>
    int(1)
  }
}
