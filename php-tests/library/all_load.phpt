--TEST--
every file of the library loads, declares what it is named for, and is there under its aliases
--FILE--
<?php

declare(strict_types=1);

$root = realpath(__DIR__ . '/../../php-library');
$loaded = $functions = 0;
$files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($root, FilesystemIterator::SKIP_DOTS));
foreach ($files as $file) {
    if ($file->getExtension() !== 'php') {
        continue;
    }
    $path = substr($file->getPathname(), strlen($root) + 1);
    $source = file_get_contents($file->getPathname());
    if ($file->getFilename() === 'functions.php') {
        preg_match('/^namespace ([\w\\\\]+);/m', $source, $namespace);
        preg_match_all('/^function (\w+)\(/m', $source, $names);
        foreach ($names[1] as $name) {
            $name = ($namespace[1] ?? '') . "\\$name";
            $functions++;
            if (!function_exists($name)) {
                echo "$path: no function $name\n";
            }
        }
        continue;
    }
    preg_match_all('/^ \* @(?:short-)?alias (\S+)/m', $source, $aliases);
    $expected = str_starts_with($path, 'core/') ? 'Swoole\\' . strtr(substr($path, 5, -4), '/', '\\') : substr($path, 0, -4);
    foreach ([...$aliases[1], $expected] as $name) {
        if (!class_exists($name, false) && !interface_exists($name, false) && !trait_exists($name, false)) {
            echo "$path: no $name\n";
            continue;
        }
        $class = new ReflectionClass($name);
        if ($class->getName() !== $expected || $class->getFileName() !== "@swoole/library/$path" || $class->getEndLine() !== substr_count($source, "\n")) {
            echo "$path: {$class->getName()} of {$class->getFileName()}, {$class->getEndLine()} lines\n";
        }
        $loaded++;
    }
}
var_dump($loaded > 50, $functions > 20);
?>
--EXPECT--
bool(true)
bool(true)
