--TEST--
a child counts in its parent's memory, wakes it, and an object that the parent frees lives on in the child
--FILE--
<?php

$sum = new Swoole\Atomic\Long();
$go = new Swoole\Atomic();
$gone = new Swoole\Atomic(3);
$children = [];
for ($i = 0; $i < 3; $i++) {
    $pid = pcntl_fork();
    if ($pid === 0) {
        while (!$go->wait(10)) {
            // a sibling that came later was faster
        }
        // the parent has freed it and made others meanwhile
        $sum->add($gone->add(0) === 3 ? 100 : -1_000_000);
        for ($n = 0; $n < 10_000; $n++) {
            $sum->add();
        }
        $own = new Swoole\Atomic(5);
        $sum->add($own->get());
        // the next sibling's turn
        $go->wakeup();
        exit(0);
    }
    $children[] = $pid;
}
unset($gone);
$others = [];
for ($i = 0; $i < 100; $i++) {
    $others[] = new Swoole\Atomic(1000 + $i);
}
$go->wakeup();
foreach ($children as $pid) {
    pcntl_waitpid($pid, $status);
    var_dump(pcntl_wexitstatus($status));
}
var_dump($sum->get());
foreach ($others as $i => $other) {
    if ($other->get() !== 1000 + $i) {
        echo "other $i changed\n";
    }
}
?>
--EXPECT--
int(0)
int(0)
int(0)
int(30315)
