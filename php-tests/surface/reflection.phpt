--TEST--
every class, method, property, constant, function and setting that is declared looks as in Swoole
--FILE--
<?php

declare(strict_types=1);

/**
 * Differences that are meant, each with its reason. Anything else that differs from swoole.json fails.
 */
const MEANT = [
    // Swoole's reflection leaves out the variadic that its go() takes.
    'go(): (callable $func, mixed ...$params): int|false, Swoole: (callable $func): int|false',
    // Pools: what can be seen of them, and transactions that are taken back.
    'Swoole\Coroutine\MySQL\restore(): (Swoole\Coroutine\MySQL $connection, float $timeout = 0): bool, Swoole: nothing',
    'Swoole\ConnectionPool::stats(): public (), Swoole: nothing',
    'Swoole\Database\PDOPool::put(): public ($connection): void, Swoole: nothing',
    'Swoole\Database\MysqliPool::put(): public ($connection): void, Swoole: nothing',
    'Swoole\Database\MysqliProxy::rollBackOpen(): public (): void, Swoole: nothing',
];

final class Surface
{
    public int $compared = 0;
    public array $found = [];

    public function same(string $what, mixed $ours, mixed $swoole): void
    {
        $this->compared++;
        if ($ours !== $swoole) {
            $text = static fn (mixed $value) => is_string($value) ? $value : json_encode($value, JSON_UNESCAPED_SLASHES);
            $this->differs("$what: {$text($ours)}, Swoole: {$text($swoole)}");
        }
    }

    public function differs(string $difference): void
    {
        if (!in_array($difference, MEANT, true)) {
            $this->found[] = $difference;
        }
    }

    public function signature(ReflectionFunctionAbstract $function): string
    {
        $parameters = [];
        foreach ($function->getParameters() as $parameter) {
            $text = $parameter->hasType() ? "{$parameter->getType()} " : '';
            $text .= ($parameter->isPassedByReference() ? '&' : '') . ($parameter->isVariadic() ? '...' : '') . "\${$parameter->getName()}";
            if ($parameter->isDefaultValueAvailable()) {
                $default = $parameter->getDefaultValue();
                $text .= ' = ' . ($parameter->isDefaultValueConstant() ? $parameter->getDefaultValueConstantName() : $this->value($default));
            }
            $parameters[] = $text . ($parameter->isOptional() && !$parameter->isDefaultValueAvailable() && !$parameter->isVariadic() ? ' = ?' : '');
        }
        return '(' . implode(', ', $parameters) . ')' . ($function->hasReturnType() ? ": {$function->getReturnType()}" : '');
    }

    /** Where Swoole's table gives no default it is written `= ?`: any default is the same then. */
    public function withoutUnknownDefaults(string $ours, string $swoole): string
    {
        preg_match_all('/(&?(?:\.\.\.)?\$\w+) = \?/', $swoole, $unknown);
        foreach ($unknown[1] as $name) {
            $ours = preg_replace('/(' . preg_quote($name, '/') . ') = (?:"[^"]*"|[^,)])+/', '$1 = ?', $ours);
        }
        return $ours;
    }

    public function property(ReflectionProperty $property): string
    {
        // PHP 8.5 says of what is readonly that only its class sets it.
        $text = str_replace('protected(set) readonly', 'readonly', implode(' ', Reflection::getModifierNames($property->getModifiers())));
        $text .= $property->hasType() ? " {$property->getType()}" : '';
        return $text . ($property->hasDefaultValue() ? ' = ' . $this->value($property->getDefaultValue()) : '');
    }

    public function value(mixed $value): string
    {
        return json_encode($value, JSON_UNESCAPED_SLASHES);
    }
}

$swoole = json_decode(file_get_contents(__DIR__ . '/swoole.json'), true, flags: JSON_THROW_ON_ERROR);
// What Swoole writes in PHP. Classes are loaded when they are asked for; private members are not compared.
$library = json_decode(file_get_contents(__DIR__ . '/library.json'), true, flags: JSON_THROW_ON_ERROR);
$swoole['functions'] += $library['functions'];
$swoole['classes'] += $library['classes'];
$swoole['constants'] += ['SWOOLE_LIBRARY' => true];
$surface = new Surface();
$extension = new ReflectionExtension('swoole');

$surface->same('version', $extension->getVersion(), '6.2.2');
$on = static fn (mixed $value) => in_array($value, ['On', '1'], true) ? 'On' : (in_array($value, ['Off', '0', ''], true) ? 'Off' : $value);
$ours = array_map($on, $extension->getINIEntries());
ksort($ours);
ksort($swoole['ini']);
$surface->same('ini', $ours, $swoole['ini']);

foreach ($extension->getConstants() as $name => $value) {
    $surface->same($name, $value, $swoole['constants'][$name] ?? $swoole['constants_of_5.1.8'][$name] ?? 'nothing');
}
foreach ($swoole['constants'] as $name => $value) {
    $surface->same($name, defined($name) ? constant($name) : 'nothing', $value);
}

foreach ($extension->getFunctions() as $function) {
    $name = $function->getName();
    $surface->same("$name()", $surface->signature($function), $swoole['functions'][$name] ?? 'nothing');
}

$methods = $known = 0;
$classes = [];
$written = array_filter(array_keys($library['classes']), static fn (string $name) => class_exists($name) || interface_exists($name) || trait_exists($name));
$written = array_map(static fn (string $name) => new ReflectionClass($name), array_combine($written, $written));
foreach ($extension->getClasses() + $written as $key => $class) {
    $name = $class->getName();
    if (strtolower($name) !== strtolower((string) $key)) {
        continue;
    }
    $classes[] = $name;
    $theirs = $swoole['classes'][$name] ?? null;
    if ($theirs === null) {
        $surface->differs("$name: not in swoole.json");
        continue;
    }
    $compared = static fn (array $members) => array_filter(
        $members,
        static fn ($member) => $member->getDeclaringClass()->getName() === $name && !(isset($written[$name]) && $member->isPrivate()),
    );
    $interfaces = $class->getInterfaceNames();
    sort($interfaces);
    $surface->same("$name final", $class->isFinal(), $theirs['final']);
    $surface->same("$name abstract", $class->isAbstract(), $theirs['abstract']);
    $surface->same("$name kind", $class->isInterface() ? 'interface' : ($class->isTrait() ? 'trait' : 'class'), $theirs['kind']);
    $surface->same("$name parent", ($class->getParentClass() ?: null)?->getName(), $theirs['parent']);
    $surface->same("$name interfaces", $interfaces, $theirs['interfaces']);

    $constants = [];
    foreach ($compared($class->getReflectionConstants()) as $constant) {
        $constants[$constant->getName()] = $constant->getValue();
    }
    $surface->same("$name constants", $constants, $theirs['constants']);

    $properties = [];
    foreach ($compared($class->getProperties()) as $property) {
        $properties[$property->getName()] = $surface->property($property);
    }
    foreach ($properties + $theirs['properties'] as $property => $_) {
        $surface->same("$name::\$$property", $properties[$property] ?? 'nothing', $theirs['properties'][$property] ?? 'nothing');
    }

    $known += count($theirs['methods']);
    foreach ($compared($class->getMethods()) as $method) {
        $methods++;
        $swooles = $theirs['methods'][$method->getName()] ?? 'nothing';
        $ours = implode(' ', Reflection::getModifierNames($method->getModifiers())) . ' ' . $surface->signature($method);
        // PHP 8.5 tells who `self` is.
        $who = static fn (string $text) => preg_replace('/(?<![\w$])self\b/', addslashes($name), $text);
        $surface->same("$name::{$method->getName()}()", $who($surface->withoutUnknownDefaults($ours, $swooles)), $who($swooles));
    }
}

echo implode("\n", $surface->found), $surface->found ? "\n" : '';
printf(
    "%d comparisons, %d differences\ndeclared: %d of %d classes (%d of %d methods in them), %d of %d functions, %d of %d constants\n",
    $surface->compared,
    count($surface->found),
    count($classes),
    count(array_unique([...array_keys($swoole['classes']), ...$swoole['other_classes']])),
    $methods,
    $known,
    count($extension->getFunctions()),
    count($swoole['functions']),
    count($extension->getConstants()),
    count($swoole['constants']),
);
?>
--EXPECTF--
%d comparisons, 0 differences
declared: %d of %d classes (%d of %d methods in them), %d of %d functions, %d of %d constants
