--TEST--
readFile(), writeFile() and statvfs(): empty paths, NULs, wrong types, outside of coroutines
--FILE--
<?php
require __DIR__ . '/../include/bootstrap.php';

use Swoole\Coroutine\System;

$try = static function (Closure $call) {
    try {
        var_dump($call());
    } catch (Error $error) {
        echo $error::class, ': ', $error->getMessage(), "\n";
    }
};
Co\run(static function () use ($try) {
    $try(static fn () => System::readFile(''));
    $try(static fn () => Co::readFile("a\0b"));
    $try(static fn () => System::readFile([]));
    $try(static fn () => System::readFile(__FILE__, 'x'));
    $try(static fn () => System::writeFile('', 'x'));
    $try(static fn () => Co::writeFile("a\0b", 'x'));
    $try(static fn () => System::writeFile('a', []));
    $try(static fn () => System::writeFile('a'));
    $try(static fn () => System::statvfs(''));
    $try(static fn () => Co::statvfs("a\0b"));
    $try(static fn () => new System());
});
$try(static fn () => System::statvfs('/')['bsize'] > 0);
show_php('Co\System::readFile(__FILE__);');
show_php('Co\System::writeFile("/nowhere/at/all", "");');
?>
--EXPECTF--
ValueError: Filename cannot be empty
ValueError: Swoole\Coroutine::readFile(): Argument #1 ($filename) must not contain any null bytes
TypeError: Swoole\Coroutine\System::readFile(): Argument #1 ($filename) must be of type string, array given
TypeError: Swoole\Coroutine\System::readFile(): Argument #2 ($flag) must be of type int, string given
ValueError: Filename cannot be empty
ValueError: Swoole\Coroutine::writeFile(): Argument #1 ($filename) must not contain any null bytes
TypeError: Swoole\Coroutine\System::writeFile(): Argument #2 ($fileContent) must be of type string, array given
ArgumentCountError: Swoole\Coroutine\System::writeFile() expects at least 2 arguments, 1 given
ValueError: Path cannot be empty
ValueError: Swoole\Coroutine::statvfs(): Argument #1 ($path) must not contain any null bytes
Error: The object of Swoole\Coroutine\System can not be created for security reasons
bool(true)

Fatal error: Uncaught Swoole\Error: API must be called in the coroutine in %s:2
%a
Fatal error: Uncaught Swoole\Error: API must be called in the coroutine in %s:2
%a
