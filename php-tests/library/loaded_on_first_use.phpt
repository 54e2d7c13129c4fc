--TEST--
nothing of the library is parsed before it is used; a class that was asked for is there under its aliases too
--FILE--
<?php

declare(strict_types=1);

$declared = static fn () => preg_grep('/^(Swoole|Co\b|co\b)/', array_filter(
    [...get_declared_classes(), ...get_declared_interfaces()],
    static fn (string $name) => !(new ReflectionClass($name))->isInternal(),
));

spl_autoload_register(static function (string $name): void {
    echo "autoloader: $name\n";
});

var_dump($declared());
var_dump(class_exists('Swoole\NoSuchClass'), class_exists('Swoole\NoSuchClass', false));
var_dump(class_exists('\Swoole\connectionPOOL', false), interface_exists('Swoole\ConnectionPool', false));
var_dump((new ReflectionClass('Swoole\ConnectionPool'))->getFileName());
echo implode(' ', $declared()), "\n";
var_dump(class_exists('Swoole\ConnectionPool'), is_subclass_of('Swoole\Database\PDOPool', 'Swoole\ConnectionPool'));
var_dump(defined('Swoole\Http\Status::OK'), is_callable('Swoole\Http\Status::getReasonPhrase'));
?>
--EXPECT--
array(0) {
}
autoloader: Swoole\NoSuchClass
bool(false)
bool(false)
bool(true)
bool(false)
string(39) "@swoole/library/core/ConnectionPool.php"
Swoole\ConnectionPool
bool(true)
bool(true)
bool(true)
bool(true)
