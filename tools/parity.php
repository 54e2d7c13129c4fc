<?php

declare(strict_types=1);

// php -d extension=... tools/parity.php swoole-6.2.2.json [more.json ...] > table
//
// Prints the class table of docs/PARITY.md: what Swoole's API (a reflection dump: classes => name => methods, properties,
// constants) has and what the loaded extension has of it.

$classes = [];
$functions = [];
foreach (array_slice($argv, 1) as $file) {
    $api = json_decode(file_get_contents($file), true, 64, JSON_THROW_ON_ERROR);
    $classes += $api['classes'];
    $functions += $api['functions'];
}

$rows = $missing = [];
foreach ($classes as $name => $class) {
    if (!is_array($class) || !str_starts_with($name, 'Swoole\\')) {
        continue; // an alias
    }
    if (!class_exists($name) && !interface_exists($name)) {
        $missing[] = substr($name, 7);
        continue;
    }
    $have = new ReflectionClass($name);
    $absent = array_values(array_filter(array_keys($class['methods']), static fn (string $method): bool => !$have->hasMethod($method)));
    $properties = array_filter(array_keys($class['properties']), static fn (string $property): bool => $have->hasProperty($property));
    $rows[$name] = [
        count($class['methods']) - count($absent) . ' of ' . count($class['methods']),
        count($properties) . ' of ' . count($class['properties']),
        $absent === [] ? '' : 'without ' . implode(', ', $absent),
    ];
}
ksort($rows);
echo "| class | methods | properties | |\n|---|---|---|---|\n";
foreach ($rows as $name => [$methods, $properties, $note]) {
    echo "| `$name` | $methods | $properties | $note |\n";
}
$found = array_filter(array_keys($functions), function_exists(...));
sort($found);
sort($missing);
echo "\nFunctions: ", count($found), ' of ', count($functions), ': `', implode('`, `', $found), "`.\n";
echo "\nClasses that are not there yet (", count($missing), '): ', implode(', ', $missing), ".\n";
