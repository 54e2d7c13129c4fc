--TEST--
functions for Swoole itself: the begin of shutdown, the tracer
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

var_dump(swoole_tracer_leak_detect(), swoole_tracer_prof_begin(), swoole_tracer_prof_begin(['root_path' => '/']), swoole_tracer_prof_end('/nowhere/at/all'));
show_php('var_dump(swoole_internal_call_user_shutdown_begin()); var_dump(@swoole_internal_call_user_shutdown_begin(), error_get_last()["message"]); error_reporting(0);');
?>
--EXPECT--
NULL
bool(false)
bool(false)
bool(false)
bool(true)
bool(false)
string(84) "swoole_internal_call_user_shutdown_begin(): can not call this function in user level"
exit code 0
