--TEST--
Coroutine::set() and getOptions()
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;

var_dump(Coroutine::getOptions());
var_dump(Coroutine::set(['max_coroutine' => 1000]));
var_dump(Coroutine::getOptions());
Coroutine::set(['max_coroutine' => 2000, 'c_stack_size' => 1048576, 'anything' => 'else']);
var_dump(Coroutine::getOptions());
Coroutine\run(static function (): void {
    echo Coroutine::stats()['c_stack_size'], "\n";
});
--EXPECT--
NULL
NULL
array(1) {
  ["max_coroutine"]=>
  int(1000)
}
array(3) {
  ["max_coroutine"]=>
  int(2000)
  ["c_stack_size"]=>
  int(1048576)
  ["anything"]=>
  string(4) "else"
}
1048576
