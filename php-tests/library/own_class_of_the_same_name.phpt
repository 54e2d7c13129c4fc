--TEST--
user code beside the library: autoloaders, a class of the same name, the library switched off
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

echo run_php(<<<'PHP'
    namespace Swoole;
    spl_autoload_register(function ($name) {
        echo "asked for $name\n";
        if ($name === 'Swoole\Mine') {
            class_alias(StringObject::class, $name);
        }
    });
    class ArrayObject
    {
        public function count()
        {
            return 'own';
        }
    }
    var_dump(class_exists(ArrayObject::class, false), (new ArrayObject())->count(), (new Mine('x'))->length());
    PHP)['out'];
echo "--- off\n";
echo run_php(<<<'PHP'
    spl_autoload_register(function ($name) { echo "asked for $name\n"; });
    var_dump(defined('SWOOLE_LIBRARY'), function_exists('swoole_library_get_option'), function_exists('_string'));
    var_dump(class_exists('Swoole\ArrayObject'), class_exists('Swoole\ConnectionPool', false));
    ini_set('swoole.enable_library', '1');
    var_dump(class_exists('Swoole\ConnectionPool', false));
    PHP, ['swoole.enable_library' => 'Off'])['out'];
echo "--- no short names\n";
echo run_php(<<<'PHP'
    var_dump(SWOOLE_LIBRARY, function_exists('_string'), swoole_string('x')->length(), class_exists('Swoole\ArrayObject', false));
    PHP, ['swoole.use_shortname' => 'Off'])['out'];
?>
--EXPECT--
asked for Swoole\Mine
bool(true)
string(3) "own"
int(1)
--- off
bool(false)
bool(false)
bool(false)
asked for Swoole\ArrayObject
bool(false)
bool(false)
bool(false)
--- no short names
bool(true)
bool(false)
int(1)
bool(true)
