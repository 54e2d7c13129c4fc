--TEST--
two modules, swoole and steelwool: versions, phpinfo, settings, short names, and no second provider of the same API
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

function run(array $arguments): string
{
    $process = proc_open([...php_command(), ...$arguments], [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
    $output = stream_get_contents($pipes[1]);
    return $output . (proc_close($process) === 0 ? '' : "(failed)\n");
}

var_dump(extension_loaded('swoole'), phpversion('swoole'), SWOOLE_VERSION, SWOOLE_VERSION_ID);
var_dump(extension_loaded('steelwool'), preg_match('/^\d+\.\d+\.\d+$/', phpversion('steelwool')));
var_dump((new ReflectionExtension('steelwool'))->getClassNames(), (new ReflectionClass('Swoole\Coroutine'))->getExtensionName());
var_dump((new ReflectionFunction('go'))->getExtensionName());

echo run(['--ri', 'steelwool']), run(['--ri', 'swoole']);

echo "--- short names\n";
$names = 'var_dump(function_exists("go"), function_exists("defer"), function_exists("Co\\\\run"), class_exists("Co"), class_exists("Chan"),'
    . ' class_exists("Co\\\\Channel"), SWOOLE_USE_SHORTNAME, function_exists("Swoole\\\\Coroutine\\\\go"), class_exists("Swoole\\\\Coroutine"));';
echo json_encode(array_map(trim(...), explode("\n", trim(run(['-r', $names]))))), "\n";
foreach (['Off', '0', 'no'] as $off) {
    echo json_encode(array_map(trim(...), explode("\n", trim(run(['-d', "swoole.use_shortname=$off", '-r', $names]))))), "\n";
}
var_dump(ini_set('swoole.use_shortname', '0'), ini_set('swoole.display_errors', '0'));

echo "--- a second provider of the same API\n";
$extension = array_values(preg_grep('/^extension=.*steelwool/', php_command()))[0];
echo run(['-d', 'display_startup_errors=1', '-d', 'html_errors=0', '-d', $extension, '-r', 'echo "goes on\n";']);
?>
--EXPECTF--
bool(true)
string(5) "6.2.2"
string(5) "6.2.2"
int(60202)
bool(true)
int(1)
array(0) {
}
string(6) "swoole"
string(6) "swoole"

steelwool

Steelwool => enabled
Version => %d.%d.%d
Swoole API => 6.2.2
Runtime => tokio %d.%d.%d, one thread
Coroutine stacks => %s
Runtime hooks => %s
Crates => %stokio %d.%d.%d%S

swoole

Swoole => enabled
Provided by => Steelwool %d.%d.%d
Version => 6.2.2

Directive => Local Value => Master Value
swoole.enable_library => On => On
swoole.enable_fiber_mock => Off => Off
swoole.enable_preemptive_scheduler => Off => Off
swoole.display_errors => On => On
swoole.use_shortname => On => On
swoole.socket_buffer_size => 8388608 => 8388608
swoole.blocking_detection => Off => Off
swoole.blocking_threshold => 100000 => 100000
swoole.profile => Off => Off
swoole.leak_detection => Off => Off
--- short names
["bool(true)","bool(true)","bool(true)","bool(true)","bool(true)","bool(true)","bool(true)","bool(true)","bool(true)"]
["bool(false)","bool(false)","bool(false)","bool(false)","bool(false)","bool(false)","bool(false)","bool(true)","bool(true)"]
["bool(false)","bool(false)","bool(false)","bool(false)","bool(false)","bool(false)","bool(false)","bool(true)","bool(true)"]
["bool(false)","bool(false)","bool(false)","bool(false)","bool(false)","bool(false)","bool(false)","bool(true)","bool(true)"]
bool(false)
string(2) "On"
--- a second provider of the same API

Warning: Module "steelwool" is already loaded in Unknown on line 0
goes on
