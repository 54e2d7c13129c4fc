--TEST--
processes that share a table and locks are killed again and again: no row is torn, no lock is lost, every number is exact
--FILE--
<?php

require __DIR__ . '/../../benches/stress/shared_memory.php';

$stress = new Stress(8);
$wrong = $stress->run(4, 0.03);
echo $wrong === [] ? 'ok' : $stress->summary() . "\n" . implode("\n", $wrong), "\n";
?>
--EXPECT--
ok
