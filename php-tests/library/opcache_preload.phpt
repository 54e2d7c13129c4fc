--TEST--
opcache: with and without, with a preloaded class whose parent is the library's
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$classes = script_file(<<<'PHP'
    class Basket extends Swoole\ArrayObject
    {
        public function list(): Swoole\StringObject
        {
            return $this->join('+');
        }
    }
    PHP);
$preload = script_file('require ' . var_export($classes, true) . '; swoole_library_set_option("set while preloading", 1); swoole_container_cpu_num(); new Basket();');
$code = <<<'PHP'
    if (!class_exists('Basket', false)) {
        require getenv('CLASSES');
    }
    echo (new Basket([1, 2]))->list()->upper(), ' ', json_encode(swoole_library_get_options()), ' ', count(swoole_array([1])), ' ', swoole_container_cpu_num() > 0, "\n";
    foreach (['Swoole\ArrayObject', 'Swoole\StringObject'] as $class) {
        echo (new ReflectionClass($class))->getFileName(), "\n";
    }
    PHP;
$opcache = extension_loaded('Zend OPcache') ? [] : ['zend_extension=opcache'];
$opcache += ['opcache.enable_cli' => 1];
$user = function_exists('posix_geteuid') && posix_geteuid() === 0 ? ['opcache.preload_user' => 'root'] : [];
foreach ([
    'without' => ['opcache.enable_cli' => 0],
    'with' => $opcache,
    'with JIT' => $opcache + ['opcache.jit' => 'tracing', 'opcache.jit_buffer_size' => '16M', 'opcache.jit_hot_func' => 1],
    'preloaded' => $opcache + $user + ['opcache.preload' => $preload],
] as $how => $ini) {
    $run = run_php($code, $ini, ['CLASSES' => $classes]);
    echo "--- $how\n{$run['out']}", $run['code'] === 0 ? '' : "exit {$run['code']}, signal {$run['signal']}\n";
}
?>
--EXPECT--
--- without
1+2 [] 1 1
@swoole/library/core/ArrayObject.php
@swoole/library/core/StringObject.php
--- with
1+2 [] 1 1
@swoole/library/core/ArrayObject.php
@swoole/library/core/StringObject.php
--- with JIT
1+2 [] 1 1
@swoole/library/core/ArrayObject.php
@swoole/library/core/StringObject.php
--- preloaded
1+2 [] 1 1
@swoole/library/core/ArrayObject.php
@swoole/library/core/StringObject.php
