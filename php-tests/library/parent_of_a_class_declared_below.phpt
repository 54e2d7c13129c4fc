--TEST--
a class whose parent is the library's may be used above its declaration, as PHP allows where the parent exists
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$script = script_file(<<<'PHP'
    namespace App;

    use Swoole\Coroutine;
    use Swoole\{ConnectionPool as CP, StringObject};

    echo get_parent_class(new Pool(strlen(...))), ' ', (new Text('ab'))->upper(), ' ', get_parent_class(new Deep()), ' ', get_parent_class(new Full()),
        ' ', get_parent_class(new Spl()), "\n";
    foreach ([fn () => new WithInterface(), fn () => new Conditional()] as $bad) {
        try {
            $bad();
        } catch (\Error $error) {
            echo $error->getMessage(), "\n";
        }
    }

    class Pool extends CP
    {
    }
    class Text extends StringObject
    {
    }
    class Deep extends Coroutine\Barrier
    {
    }
    class Full extends \Swoole\ArrayObject
    {
    }
    class Spl extends \ArrayObject
    {
    }
    class WithInterface extends \Swoole\ObjectProxy implements \Countable
    {
        public function count(): int
        {
            return 0;
        }
    }
    if (PHP_VERSION_ID > 0) {
        class Conditional extends CP
        {
        }
    }
    echo get_parent_class(Conditional::class), "\n";
    PHP);
// The second child gets the script from opcache's memory.
$twice = <<<'PHP'
    foreach ([1, 2] as $_) {
        $child = pcntl_fork();
        if ($child === 0) {
            require getenv('SCRIPT');
            exit;
        }
        pcntl_waitpid($child, $status);
        echo pcntl_wifexited($status) ? '' : "crashed\n";
    }
    eval('echo get_parent_class("Evaluated"), "\n"; class Evaluated extends Swoole\MultibyteStringObject {}');
    PHP;
$opcache = (extension_loaded('Zend OPcache') ? [] : ['zend_extension=opcache']) + ['opcache.enable_cli' => 1];
$plain = run_php($twice, ['opcache.enable_cli' => 0], ['SCRIPT' => $script])['out'];
echo $plain;
var_dump(run_php($twice, $opcache, ['SCRIPT' => $script])['out'] === $plain);
?>
--EXPECT--
Swoole\ConnectionPool AB Swoole\Coroutine\Barrier Swoole\ArrayObject ArrayObject
Class "App\WithInterface" not found
Class "App\Conditional" not found
Swoole\ConnectionPool
Swoole\ConnectionPool AB Swoole\Coroutine\Barrier Swoole\ArrayObject ArrayObject
Class "App\WithInterface" not found
Class "App\Conditional" not found
Swoole\ConnectionPool
Swoole\MultibyteStringObject
bool(true)
