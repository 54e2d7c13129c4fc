--TEST--
swoole_substr_json_decode(): parts, flags, errors
--FILE--
<?php
foreach ([
    ['xx{"a":1}', 2], ['xx{"a":1}', -7], ['{"a":1}', 0, 99], ["xx{\"a\":1}\r\n", 2, 9, true],
    ['[1,{"b":[]}]', 0, 0, true], ['{"a":1}', 0, 0, false, 512, JSON_OBJECT_AS_ARRAY], ['{"a":12345678901234567890}', 0, 0, true, 512, JSON_BIGINT_AS_STRING],
    ['nope', 0], ['{"a":{"b":1}}', 0, 0, false, 1],
] as $arguments) {
    echo var_export(swoole_substr_json_decode(...$arguments), true), ' ', json_last_error_msg(), "\n";
}
try {
    swoole_substr_json_decode('nope', 0, 0, true, 512, JSON_THROW_ON_ERROR);
} catch (JsonException $exception) {
    echo $exception->getMessage(), "\n";
}
foreach ([['{}', -3], ['{}', 2], ['', 0], ['{}', 0, 0, false, 0], ['{}', 0, 0, false, PHP_INT_MAX]] as $arguments) {
    var_dump(swoole_substr_json_decode(...$arguments));
}
?>
--EXPECTF--
(object) array(
   'a' => 1,
) No error
(object) array(
   'a' => 1,
) No error
(object) array(
   'a' => 1,
) No error
array (
  'a' => 1,
) No error
array (
  0 => 1,
  1 => 
  array (
    'b' => 
    array (
    ),
  ),
) No error
(object) array(
   'a' => 1,
) No error
array (
  'a' => '12345678901234567890',
) No error
NULL Syntax error
NULL Maximum stack depth exceeded
Syntax error

Warning: swoole_substr_json_decode(): Offset must be not less than the negative length of the string in %s on line 15
NULL

Warning: swoole_substr_json_decode(): Offset must be less than the length of the string in %s on line 15
NULL

Warning: swoole_substr_json_decode(): Non-empty string required in %s on line 15
NULL

Warning: swoole_substr_json_decode(): Depth must be greater than zero in %s on line 15
NULL

Warning: swoole_substr_json_decode(): Depth must be lower than 2147483647 in %s on line 15
NULL
