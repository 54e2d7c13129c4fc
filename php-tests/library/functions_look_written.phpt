--TEST--
a function of the library behaves as one written in PHP: named and left-out arguments, types, errors and traces name the caller
--FILE--
<?php

declare(strict_types=1);

function show(callable $what): void
{
    try {
        var_dump($what());
    } catch (Error $error) {
        echo $error::class, ': ', preg_replace('~/\S+/~', '', $error->getMessage()), "\n", preg_replace(['~\{closure[^}]*\}~', '~/\S+/~'], ['{closure}', ''], $error->getTraceAsString()), "\n";
    }
}

var_dump(function_exists('swoole_array_default_value'), is_callable('swoole_array_default_value'));
show(fn () => swoole_array_default_value(['a' => 1], 'a'));
show(fn () => swoole_array_default_value(default_value: 7, key: 'b', array: []));
show(fn () => call_user_func('swoole_array_default_value', [], 'b'));
show(fn () => array_map(swoole_array_default_value(...), [[1], []], [0, 0]));
show(fn () => swoole_array_default_value([]));
show(fn () => swoole_library_get_option(5));
show(fn () => swoole_library_get_option(unknown: 5));
?>
--EXPECTF--
bool(true)
bool(true)
int(1)
int(7)
NULL
array(2) {
  [0]=>
  int(1)
  [1]=>
  NULL
}
ArgumentCountError: Too few arguments to function swoole_array_default_value(), 1 passed in functions_look_written.php on line %d and at least 2 expected
#0 functions_look_written.php(%d): swoole_array_default_value(Array)
#1 functions_look_written.php(8): {closure}()
#2 functions_look_written.php(%d): show(Object(Closure))
#3 {main}
TypeError: swoole_library_get_option(): Argument #1 ($key) must be of type string, int given, called in functions_look_written.php on line %d
#0 functions_look_written.php(%d): swoole_library_get_option(5)
#1 functions_look_written.php(8): {closure}()
#2 functions_look_written.php(%d): show(Object(Closure))
#3 {main}
Error: Unknown named parameter $unknown
#0 functions_look_written.php(8): {closure}()
#1 functions_look_written.php(%d): show(Object(Closure))
#2 {main}
