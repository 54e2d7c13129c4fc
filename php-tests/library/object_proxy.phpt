--TEST--
ObjectProxy passes properties and calls on
--FILE--
<?php

declare(strict_types=1);

use Swoole\ObjectProxy;

final class Target
{
    public int $a = 1;
    private int $hidden = 2;

    public function twice(int $n): int
    {
        return $n * 2;
    }

    public function __invoke(int $n): int
    {
        return $n + 1;
    }
}

$proxy = new ObjectProxy($target = new Target());
var_dump($proxy->a, $proxy->twice(4), $proxy(1), is_callable($proxy), $proxy->__getObject() === $target);
$proxy->a = 5;
var_dump($target->a, isset($proxy->a), isset($proxy->none));
unset($proxy->a);
var_dump(isset($target->a));
foreach ([fn () => $proxy->hidden, fn () => $proxy->none(), fn () => (new ObjectProxy(new stdClass()))()] as $bad) {
    try {
        $bad();
    } catch (Error $error) {
        echo $error->getMessage(), "\n";
    }
}
?>
--EXPECT--
int(1)
int(8)
int(2)
bool(true)
bool(true)
int(5)
bool(true)
bool(false)
bool(false)
Cannot access private property Target::$hidden
Call to undefined method Target::none()
Object of type stdClass is not callable
