<?php

declare(strict_types=1);

// php -d extension=... tools/parity.php
//
// Writes the generated part of docs/PARITY.md: what Swoole's API (swoole.json and library.json in php-tests/surface) has, and what the loaded
// extension has of it.

$root = dirname(__DIR__);
$api = json_decode(file_get_contents("$root/php-tests/surface/swoole.json"), true, 64, JSON_THROW_ON_ERROR);
$library = json_decode(file_get_contents("$root/php-tests/surface/library.json"), true, 64, JSON_THROW_ON_ERROR);
$api['classes'] += $library['classes'];
$api['functions'] += $library['functions'];
$exists = static fn (string $name): bool => class_exists($name) || interface_exists($name) || trait_exists($name);
$rows = [];
$missing = $api['other_classes'];
foreach ($api['classes'] as $name => $class) {
    if (!$exists($name)) {
        $missing[] = $name;
        continue;
    }
    $have = new ReflectionClass($name);
    $methods = array_keys($class['methods'] ?? []);
    $absent = array_values(array_filter($methods, static fn (string $method): bool => !$have->hasMethod($method)));
    $properties = array_keys($class['properties'] ?? []);
    $present = array_filter($properties, $have->hasProperty(...));
    $rows[$name] = sprintf(
        '| `%s` | %d of %d | %d of %d | %s |',
        $name,
        count($methods) - count($absent),
        count($methods),
        count($present),
        count($properties),
        $absent === [] ? '' : 'without ' . implode(', ', $absent),
    );
}
ksort($rows);
$missing = array_unique(array_filter($missing, static fn (string $name): bool => str_starts_with($name, 'Swoole\\') && !$exists($name)));
sort($missing);
$functions = array_keys($api['functions']);
$found = array_filter($functions, function_exists(...));
sort($found);

$text = "| class | methods | properties | |\n|---|---|---|---|\n" . implode("\n", $rows) . "\n\n"
    . 'Functions: ' . count($found) . ' of ' . count($functions) . ': `' . implode('`, `', $found) . "`.\n\n"
    . 'Classes that are not there yet (' . count($missing) . '): '
    . implode(', ', array_map(static fn (string $name): string => substr($name, 7), $missing)) . ".\n";
$file = "$root/docs/PARITY.md";
$document = file_get_contents($file);
$marked = preg_replace('~(<!-- generated -->\n).*(<!-- end -->)~s', '${1}' . strtr($text, ['\\' => '\\\\', '$' => '\$']) . '$2', $document, 1, $count);
$count === 1 || exit("docs/PARITY.md has no generated part\n");
file_put_contents($file, $marked);
