--TEST--
swoole_hashcode()
--FILE--
<?php
var_dump(swoole_hashcode('abc'), swoole_hashcode('abc', 1), swoole_hashcode('abc', 2));
var_dump(swoole_hashcode(''), swoole_hashcode('', 1));
var_dump(swoole_hashcode("\xff\xfe\x80 longer text with bytes"), swoole_hashcode("\xff\xfe\x80 longer text with bytes", 1));
?>
--EXPECT--
int(-9223372036661289845)
int(3977453403)
bool(false)
int(-9223372036854770427)
int(0)
int(-4079768439265395215)
int(278886537)
