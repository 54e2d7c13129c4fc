--TEST--
atomics are not cloned or serialized, work without their constructor, and can be set again by it
--FILE--
<?php

function attempt(Closure $what): void
{
    try {
        var_dump($what());
    } catch (Throwable $error) {
        echo get_class($error), ': ', $error->getMessage(), "\n";
    }
}

class Child extends Swoole\Atomic
{
    public function __construct()
    {
    }
}

$atomic = new Swoole\Atomic();
attempt(fn () => clone $atomic);
attempt(fn () => serialize(new Swoole\Atomic\Long()));
attempt(fn () => (new Child())->add(3));
attempt(fn () => [$atomic->__construct(9), $atomic->get()]);
attempt(fn () => (new Swoole\Atomic\Long())->__construct(1));
attempt(fn () => method_exists(Swoole\Atomic\Long::class, 'wait'));

for ($i = 0; $i < 100_000; $i++) {
    $next = new Swoole\Atomic($i);
}
var_dump($next->get());
?>
--EXPECT--
Error: Trying to clone an uncloneable object of class Swoole\Atomic
Exception: Serialization of 'Swoole\Atomic\Long' is not allowed
int(3)
array(2) {
  [0]=>
  NULL
  [1]=>
  int(9)
}
bool(true)
bool(false)
int(99999)
