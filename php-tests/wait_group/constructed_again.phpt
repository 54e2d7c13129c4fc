--TEST--
WaitGroup: a second call of the constructor while somebody waits
--FILE--
<?php
use Swoole\Coroutine;
use Swoole\Coroutine\WaitGroup;

Coroutine\run(function () {
    $group = new WaitGroup(1);
    $waiter = Coroutine::create(function () use ($group) {
        var_dump($group->wait());
        var_dump($group->count());
    });
    try {
        // Replaces the channel on which the other one waits.
        $group->__construct(2);
    } catch (BadMethodCallException $error) {
        echo $error->getMessage(), "\n";
    }
    $others = [];
    for ($i = 0; $i < 100; $i++) {
        $others[] = new Coroutine\Channel(1);
    }
    Coroutine::cancel($waiter);
    echo "again\n";
    $group->__construct(1);
    Coroutine::create(function () use ($group) {
        Coroutine::sleep(0.001);
        $group->done();
    });
    $group->done();
    var_dump($group->wait());
});
?>
--EXPECT--
WaitGroup misuse: add called concurrently with wait
bool(false)
int(1)
again
bool(true)
