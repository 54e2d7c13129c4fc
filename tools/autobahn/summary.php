<?php

declare(strict_types=1);

/** Counts the outcomes in a report of the Autobahn test suite; ends with 1 when something failed or was left out. */

$cases = json_decode((string) @file_get_contents($argv[1]), true)['Steelwool'] ?? [];
$behaviours = array_count_values(array_column($cases, 'behavior'));
ksort($behaviours);
foreach ($behaviours as $behaviour => $count) {
    echo "  $behaviour: $count\n";
}
$bad = array_filter($cases, static fn (array $case) => in_array('FAILED', [$case['behavior'], $case['behaviorClose']], true)
    || in_array($case['behavior'], ['UNIMPLEMENTED', 'WRONG CODE'], true));
uksort($bad, strnatcmp(...));
foreach ($bad as $number => $case) {
    echo "  $number: {$case['behavior']}, at the end {$case['behaviorClose']}\n";
}
exit($cases === [] || $bad !== [] ? 1 : 0);
