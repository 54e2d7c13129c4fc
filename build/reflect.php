<?php
/**
 * Turns the stubs into Rust: `php -n build/reflect.php STUB_DIRECTORY [LIBRARY_DIRECTORY] OUTPUT.rs`.
 *
 * Loads every `*.stub.php` below the directory (classes in whatever order they need each other), reflects what they declare and
 * writes the tables that `src/zend/registry.rs` registers. The functions of the library (`functions.php` there) are registered
 * too, with a handler that calls the PHP function. php-stubs/README.md describes the tags that are understood.
 */

declare(strict_types=1);

error_reporting(E_ALL);
set_error_handler(static function (int $level, string $text, string $file, int $line): bool {
    fail("$text in $file:$line");
});
set_exception_handler(static function (Throwable $error): void {
    fail(get_debug_type($error) . ': ' . $error->getMessage() . ' in ' . $error->getFile() . ':' . $error->getLine());
});

if ($argc < 3 || $argc > 4) {
    fail('usage: reflect.php STUB_DIRECTORY [LIBRARY_DIRECTORY] OUTPUT.rs');
}
$output = array_pop($argv);

$stubs = new Stubs($argv[1], $argv[2] ?? null);
$stubs->load();
file_put_contents($output, (new Writer($stubs))->generate());

function fail(string $text): never
{
    fwrite(STDERR, "php-stubs: $text\n");
    exit(1);
}

/** The stub files: finds, loads and remembers them. */
final class Stubs
{
    /** @var array<string, string> file => source */
    public array $sources = [];
    /** @var array<string, string> lower-case class name => file that declares it */
    private array $declares = [];
    /** @var list<string> functions, as PHP lists them: lower-case */
    public array $functions = [];
    /** @var list<class-string> */
    public array $classes = [];
    /** @var array<string, mixed> */
    public array $constants = [];

    /** @var array<string, string> file of the library => its path there */
    public array $library = [];

    public function __construct(string $directory, ?string $library)
    {
        $files = new RecursiveIteratorIterator(new RecursiveDirectoryIterator($directory, FilesystemIterator::SKIP_DOTS));
        foreach ($files as $file) {
            if (str_ends_with($file->getFilename(), '.stub.php')) {
                $this->sources[$file->getRealPath()] = file_get_contents($file->getPathname());
            }
        }
        foreach ($library === null ? [] : new RecursiveIteratorIterator(new RecursiveDirectoryIterator($library, FilesystemIterator::SKIP_DOTS)) as $file) {
            if ($file->getFilename() === 'functions.php') {
                $path = $file->getRealPath();
                $this->sources[$path] = file_get_contents($path);
                $this->library[$path] = strtr(substr($path, strlen(realpath($library)) + 1), '\\', '/');
            }
        }
        ksort($this->sources);
        if ($this->sources === []) {
            fail("no *.stub.php in $directory");
        }
        foreach ($this->sources as $file => $source) {
            $namespace = preg_match('/^namespace\s+([\w\\\\]+)\s*;/m', $source, $match) ? $match[1] . '\\' : '';
            preg_match_all('/^(?:(?:final|abstract)\s+)*(?:class|interface)\s+(\w+)/m', $source, $matches);
            foreach ($matches[1] as $name) {
                $this->declares[strtolower($namespace . $name)] = $file;
            }
        }
    }

    public function load(): void
    {
        spl_autoload_register(function (string $class): void {
            if (isset($this->declares[strtolower($class)])) {
                require_once $this->declares[strtolower($class)];
            }
        });
        foreach ($this->sources as $file => $_) {
            require_once $file;
        }
        $own = fn (string|false $file): bool => $file !== false && isset($this->sources[$file]);
        foreach ([...get_declared_classes(), ...get_declared_interfaces()] as $class) {
            if ($own((new ReflectionClass($class))->getFileName())) {
                $this->classes[] = $class;
            }
        }
        foreach (get_defined_functions()['user'] as $function) {
            if ($own((new ReflectionFunction($function))->getFileName())) {
                $this->functions[] = $function;
            }
        }
        $this->constants = get_defined_constants(true)['user'] ?? [];
    }

    /** The source text of a parameter's default, as written in the stub. */
    public function defaultText(ReflectionParameter $parameter): string
    {
        $function = $parameter->getDeclaringFunction();
        $lines = explode("\n", $this->sources[$function->getFileName()]);
        $text = implode("\n", array_slice($lines, $function->getStartLine() - 1, $function->getEndLine() - $function->getStartLine() + 1));
        $start = strpos($text, 'function ' . $function->getShortName() . '(');
        if ($start === false || !preg_match('/\$' . $parameter->getName() . '\s*=\s*/', $text, $match, PREG_OFFSET_CAPTURE, $start)) {
            fail("cannot find the default of \${$parameter->getName()} of {$function->getName()}()");
        }
        $begin = $match[0][1] + strlen($match[0][0]);
        $quote = '';
        for ($depth = 0, $end = $begin; ; $end++) {
            $char = $text[$end] ?? fail("unterminated default of \${$parameter->getName()} of {$function->getName()}()");
            if ($quote !== '') {
                $quote = $char === $quote ? '' : $quote;
            } elseif ($char === '"' || $char === "'") {
                $quote = $char;
            } elseif ($char === '(' || $char === '[') {
                $depth++;
            } elseif ($depth === 0 && ($char === ',' || $char === ')')) {
                return rtrim(substr($text, $begin, $end - $begin));
            } elseif ($char === ')' || $char === ']') {
                $depth--;
            }
        }
    }
}

/** Writes the Rust file. */
final class Writer
{
    private const MASKS = [
        'null' => 1 << 1, 'false' => 1 << 2, 'true' => 1 << 3, 'bool' => 3 << 2, 'int' => 1 << 4, 'float' => 1 << 5,
        'string' => 1 << 6, 'array' => 1 << 7, 'object' => 1 << 8, 'callable' => 1 << 12, 'void' => 1 << 14,
        'static' => 1 << 15, 'never' => 1 << 17, 'mixed' => 0x3fe,
    ];
    /** Words of Swoole's names that do not split where their capitals say. */
    private const WORDS = ['WebSocket' => 'Websocket', 'MySQL' => 'Mysql', 'PostgreSQL' => 'Postgresql', 'FastCGI' => 'Fastcgi', 'MongoDB' => 'Mongodb'];
    private const KEYWORDS = [
        'abstract', 'as', 'async', 'await', 'become', 'box', 'break', 'const', 'continue', 'do', 'dyn', 'else', 'enum', 'extern', 'final',
        'fn', 'for', 'gen', 'if', 'impl', 'in', 'let', 'loop', 'macro', 'match', 'mod', 'move', 'mut', 'override', 'priv', 'pub', 'ref',
        'return', 'static', 'struct', 'trait', 'try', 'type', 'typeof', 'unsafe', 'unsized', 'use', 'virtual', 'where', 'while', 'yield',
    ];

    private string $out = "// Written by build/reflect.php from php-stubs; do not edit.\n\n";

    public function __construct(private readonly Stubs $stubs)
    {
    }

    public function generate(): string
    {
        $classes = array_map(static fn (string $name) => new ReflectionClass($name), $this->stubs->classes);
        usort($classes, static fn ($a, $b) => [self::depth($a), $a->getName()] <=> [self::depth($b), $b->getName()]);
        foreach ($classes as $class) {
            $this->classTable($class);
        }
        $this->list('CLASSES', 'ClassSpec', 'Every class, parents first.', array_map(static fn ($class) => '&' . self::upper($class->getName()), $classes));

        $functions = array_map(static fn (string $name) => new ReflectionFunction($name), $this->stubs->functions);
        usort($functions, static fn ($a, $b) => strcmp($a->getName(), $b->getName()));
        $short = static fn ($function) => self::tag($function, 'short') !== null;
        $library = fn ($function) => isset($this->stubs->library[$function->getFileName()]);
        foreach (['' => fn ($f) => !$library($f), 'LIBRARY_' => $library] as $prefix => $chosen) {
            $of = $prefix === '' ? 'The functions' : 'The functions of the library';
            $these = array_filter($functions, $chosen);
            $this->functions("{$prefix}FUNCTIONS", "$of.", array_filter($these, static fn ($f) => !$short($f)));
            $this->functions("{$prefix}SHORT_FUNCTIONS", "$of that exist only while `swoole.use_shortname` is on.", array_filter($these, $short));
        }

        ksort($this->stubs->constants);
        $constants = [];
        foreach ($this->stubs->constants as $name => $value) {
            $constants[] = '&ConstantSpec { name: c' . self::rustString($name) . ', value: ' . self::value($value, $name) . ' }';
        }
        $this->constants();
        $this->list('CONSTANTS', 'ConstantSpec', 'The global constants.', $constants);

        $this->out .= "/// The registered classes, by their PHP names.\npub mod ce {\n    use crate::zend::sys::zend_class_entry;\n";
        foreach ($classes as $class) {
            $this->out .= "\n    /// `{$class->getName()}`.\n    pub fn " . self::lower($class->getName()) . "() -> &'static zend_class_entry {\n        super::" . self::upper($class->getName()) . ".entry()\n    }\n";
        }
        $this->out .= "}\n\n/// Where the declared properties of each class are, for `zend::object::{slot, set_slot}`; a child's include its parent's.\npub mod slots {\n";
        foreach ($classes as $class) {
            $this->slots($class);
        }
        return $this->out . "}\n";
    }

    /** The integer constants for Rust code, so that no number is written twice. */
    private function constants(): void
    {
        $this->out .= "/// The integer constants that PHP sees.\npub mod constants {\n";
        foreach (array_filter($this->stubs->constants, is_int(...)) as $name => $value) {
            $this->out .= "    /// `$name`.\n    #[allow(non_upper_case_globals)]\n    pub const $name: i64 = " . substr(self::value($value, $name), 12, -1) . ";\n";
        }
        $this->out .= "}\n\n/// The numbers and names of Swoole's errors: `SWOOLE_ERROR_*` without the prefix.\npub static ERRORS: &[(i64, &str)] = &[\n";
        foreach ($this->stubs->constants as $name => $value) {
            if (str_starts_with($name, 'SWOOLE_ERROR_')) {
                $this->out .= "    ($value, \"" . substr($name, strlen('SWOOLE_ERROR_')) . "\"),\n";
            }
        }
        $this->out .= "];\n\n";
    }

    private static function depth(ReflectionClass $class): int
    {
        $depth = 0;
        foreach ([...$class->getInterfaces(), $class->getParentClass()] as $above) {
            if ($above) {
                $depth = max($depth, 1 + self::depth($above));
            }
        }
        return $depth;
    }

    private function classTable(ReflectionClass $class): void
    {
        $name = $class->getName();
        $upper = self::upper($name);
        $own = static fn (array $members) => array_values(array_filter($members, static fn ($member) => $member->getDeclaringClass()->getName() === $name));

        $entries = [];
        foreach ($own($class->getMethods()) as $method) {
            $path = self::modulePath($name) . '::' . self::rustName($method, $method->getName());
            $entries[] = $this->callable($upper, $method, $path, $method->getModifiers() | ($method->isStatic() ? 16 : 0));
        }
        $this->entryTable("{$upper}_METHODS", $entries);

        $properties = [];
        foreach ($own($class->getProperties()) as $property) {
            $properties[] = $this->property($property);
        }
        $constants = [];
        foreach ($own($class->getReflectionConstants()) as $constant) {
            $constants[] = 'ClassConstantSpec { name: ' . self::rustString($constant->getName()) . ', value: ' . self::value($constant->getValue(), "$name::{$constant->getName()}")
                . ", flags: {$constant->getModifiers()} }";
        }

        $sensitive = [];
        foreach ($own($class->getMethods()) as $method) {
            foreach ($method->getParameters() as $parameter) {
                if ($parameter->getAttributes('SensitiveParameter') !== []) {
                    $sensitive[] = '(' . self::rustString($method->getName()) . ", {$parameter->getPosition()})";
                }
            }
        }

        $native = self::tag($class, 'native');
        for ($above = $class->getParentClass(); $above; $above = $above->getParentClass()) {
            if ($native !== null && self::tag($above, 'native') !== null) {
                fail("$name has @native but inherits the one of {$above->getName()}: an object holds one Rust value");
            }
        }
        $parent = $class->getParentClass() ?: null;
        $interfaces = array_values(array_filter(
            $class->getInterfaces(),
            // the engine adds Stringable to whoever has `__toString()`
            static fn ($interface) => $interface->getName() !== Stringable::class
                && !($parent?->implementsInterface($interface->getName()))
                && !array_filter($class->getInterfaces(), static fn ($other) => $other->getName() !== $interface->getName() && $other->implementsInterface($interface->getName())),
        ));
        $flags = [];
        foreach (['isFinal' => 'FINAL', 'isInterface' => 'INTERFACE'] as $is => $flag) {
            if ($class->$is()) {
                $flags[] = "class_flags::$flag";
            }
        }
        if (!$class->isInterface() && $class->getModifiers() & ReflectionClass::IS_EXPLICIT_ABSTRACT) {
            $flags[] = 'class_flags::ABSTRACT';
        }
        foreach (['not-serializable' => 'NOT_SERIALIZABLE', 'strict-properties' => 'NO_DYNAMIC_PROPERTIES', 'not-instantiable' => 'NOT_INSTANTIABLE'] as $tag => $flag) {
            if (self::tag($class, $tag) !== null) {
                $flags[] = "class_flags::$flag";
            }
        }
        if ($class->getAttributes('AllowDynamicProperties') !== []) {
            $flags[] = 'class_flags::ALLOW_DYNAMIC_PROPERTIES';
        }
        $strings = static fn (array $names) => '&[' . implode(', ', array_map(self::rustString(...), $names)) . ']';
        $this->out .= "static $upper: ClassSpec = ClassSpec {\n"
            . '    name: ' . self::rustString($name) . ",\n"
            . '    parent: ' . ($parent ? 'Some(' . self::rustString($parent->getName()) . ')' : 'None') . ",\n"
            . '    interfaces: ' . $strings(array_map(static fn ($i) => $i->getName(), $interfaces)) . ",\n"
            . '    flags: ' . ($flags === [] ? '0' : implode(' | ', $flags)) . ",\n"
            . "    methods: {$upper}_METHODS.as_ptr(),\n"
            . '    properties: &[' . implode(', ', $properties) . "],\n"
            . '    constants: &[' . implode(', ', $constants) . "],\n"
            . '    sensitive: &[' . implode(', ', $sensitive) . "],\n"
            . '    aliases: ' . $strings(self::tags($class, 'alias')) . ",\n"
            . '    short_aliases: ' . $strings(self::tags($class, 'short-alias')) . ",\n"
            . '    install: ' . ($native === null ? 'None' : 'Some(object::install::<' . self::modulePath($name) . "::$native>)") . ",\n"
            . "    entry: ClassEntry::new(),\n};\n\n";
    }

    private function functions(string $table, string $doc, array $functions): void
    {
        $entries = [];
        foreach ($functions as $function) {
            $name = preg_replace('/^Swoole\\\\/i', '', $function->getName());
            $path = 'crate::classes::functions::' . self::rustName($function, str_replace('\\', '_', self::path($name)));
            $entries[] = $this->callable('F', $function, $path, 0);
        }
        $this->entryTable($table, $entries, $doc);
    }

    /** Writes the handler and the argument table of one function, and returns its entry. */
    private function callable(string $prefix, ReflectionFunctionAbstract $function, string $path, int $flags): string
    {
        $id = $prefix . '_' . strtoupper(str_replace('\\', '_ns_', self::path($function->getName())));
        $parameters = $function->getParameters();
        $required = $function->getNumberOfRequiredParameters();
        $return = $function->getReturnType();
        $rows = ['argument::returns(' . $required . ', ' . self::bool($function->returnsReference()) . ', '
            . self::bool(self::tag($function, 'tentative-return-type') !== null) . ', ' . $this->type($return, $id) . ')'];
        foreach ($parameters as $parameter) {
            $default = $parameter->isOptional() && !$parameter->isVariadic() ? 'Some(c' . self::rustString($this->stubs->defaultText($parameter)) . ')' : 'None';
            $rows[] = 'argument::parameter(c' . self::rustString($parameter->getName()) . ', ' . $this->type($parameter->getType(), $id) . ', '
                . self::bool($parameter->isPassedByReference()) . ', ' . self::bool($parameter->isVariadic()) . ", $default)";
        }
        $this->out .= "static {$id}_ARGUMENTS: Arguments<" . count($rows) . "> = Arguments::new([\n    " . implode(",\n    ", $rows) . ",\n]);\n";
        $handler = 'None';
        if (!($flags & 64)) {
            $name = 'handle_' . preg_replace('/_+/', '_', strtolower($id));
            $max = $function->isVariadic() ? 'u32::MAX' : (self::tag($function, 'accepts') ?? (string) count($parameters));
            $min = self::tag($function, 'required') ?? $required;
            $file = $this->stubs->library[$function->getFileName()] ?? null;
            $this->out .= $file === null
                ? "php_function!($name, $min, $max, $path);\n"
                : "library_function!($name, " . self::rustString(strtolower($function->getName())) . ', c' . self::rustString("@swoole/library/$file") . ");\n";
            $handler = "Some($name)";
        }
        $fname = $function->getName();
        return 'entry::function(c' . self::rustString($fname) . ", $handler, {$id}_ARGUMENTS.as_ptr(), " . count($parameters) . ", $flags)";
    }

    /** @param list<string> $entries */
    private function entryTable(string $name, array $entries, ?string $doc = null): void
    {
        $entries[] = 'entry::end()';
        $this->out .= ($doc ? "/// $doc\npub " : '') . "static $name: Entries<" . count($entries) . "> = Entries::new([\n    " . implode(",\n    ", $entries) . ",\n]);\n\n";
    }

    /** @param list<string> $items */
    private function list(string $name, string $type, string $doc, array $items): void
    {
        $this->out .= "/// $doc\npub static $name: &[&$type] = &[\n" . implode('', array_map(static fn ($item) => "    $item,\n", $items)) . "];\n\n";
    }

    private function property(ReflectionProperty $property): string
    {
        $where = $property->getDeclaringClass()->getName() . '::$' . $property->getName();
        $default = 'Value::Undefined';
        if ($property->hasDefaultValue()) {
            $value = $property->getDefaultValue();
            $default = self::value(is_int($value) && (string) $property->getType() === 'float' ? (float) $value : $value, $where);
        }
        if ($property->hasType() && str_contains($this->type($property->getType(), $where), '|')) {
            fail("a property may name one class at most: $where");
        }
        $modifiers = $property->getModifiers() | (self::tag($property, 'readonly') !== null ? ReflectionProperty::IS_READONLY : 0);
        return 'PropertySpec { name: ' . self::rustString($property->getName()) . ", default: $default, flags: $modifiers, ty: "
            . ($property->hasType() ? 'Some(' . $this->type($property->getType(), $where) . ')' : 'None') . ' }';
    }

    private function slots(ReflectionClass $class): void
    {
        $chain = [$class];
        while ($above = end($chain)->getParentClass()) {
            $chain[] = $above;
        }
        $next = 0;
        $slots = [];
        foreach (array_reverse($chain) as $level) {
            foreach ($level->getProperties() as $property) {
                if ($property->isStatic() || $property->getDeclaringClass()->getName() !== $level->getName()) {
                    continue;
                }
                $name = $property->getName();
                if (isset($slots[$name]) && !$slots[$name]['private']) {
                    continue;
                }
                $slots[$name] = ['index' => $next++, 'private' => $property->isPrivate(), 'owner' => $level->getName()];
            }
        }
        $visible = array_filter($slots, static fn ($slot) => !$slot['private'] || $slot['owner'] === $class->getName() || in_array($slot['owner'], $GLOBALS['stubs']->classes, true));
        if ($visible === []) {
            return;
        }
        $this->out .= "\n    /// Properties of `{$class->getName()}`.\n    pub mod " . self::lower($class->getName()) . " {\n";
        foreach ($visible as $name => $slot) {
            $this->out .= "        /// `\$$name`.\n        pub const " . strtoupper(self::snake($name)) . ": usize = {$slot['index']};\n";
        }
        $this->out .= "    }\n";
    }

    private function type(?ReflectionType $type, string $where): string
    {
        if ($type === null) {
            return 'Type::NONE';
        }
        if ($type instanceof ReflectionIntersectionType) {
            fail("intersection types are not supported: $where");
        }
        $mask = $type->allowsNull() ? self::MASKS['null'] : 0;
        $names = [];
        foreach ($type instanceof ReflectionUnionType ? $type->getTypes() : [$type] as $part) {
            $name = $part->getName();
            if ($name === 'iterable') {
                $mask |= self::MASKS['array'];
                $names[] = 'Traversable';
            } elseif (isset(self::MASKS[$name])) {
                $mask |= self::MASKS[$name];
            } else {
                $names[] = $name;
            }
        }
        return $names === [] ? "Type::of($mask)" : 'Type::class(c' . self::rustString(implode('|', $names)) . ", $mask)";
    }

    private static function value(mixed $value, string $where): string
    {
        return match (true) {
            $value === null => 'Value::Null',
            is_bool($value) => 'Value::Bool(' . self::bool($value) . ')',
            is_int($value) => 'Value::Long(' . ($value === PHP_INT_MIN ? 'i64::MIN' : $value) . ')',
            is_float($value) => 'Value::Double(' . (is_finite($value) ? var_export($value, true) : ($value > 0 ? 'f64::INFINITY' : 'f64::NEG_INFINITY')) . ')',
            is_string($value) => 'Value::Str(' . self::rustString($value) . ')',
            $value === [] => 'Value::EmptyArray',
            default => fail("a value of type " . get_debug_type($value) . " is not supported: $where"),
        };
    }

    /** @return list<string> every value of a tag in the doc comment */
    private static function tags(ReflectionClass|ReflectionFunctionAbstract|ReflectionProperty $of, string $tag): array
    {
        preg_match_all('/^[\s*\/]*@' . preg_quote($tag, '/') . '(?![\w-])[ \t]*(.*?)[ \t]*(?:\*\/)?$/m', $of->getDocComment() ?: '', $matches);
        return $matches[1];
    }

    private static function tag(ReflectionClass|ReflectionFunctionAbstract|ReflectionProperty $of, string $tag): ?string
    {
        return self::tags($of, $tag)[0] ?? null;
    }

    /** `crate::classes::coroutine::channel` for `Swoole\Coroutine\Channel`. */
    private static function modulePath(string $class): string
    {
        $segments = explode('\\', self::path(preg_replace('/^Swoole\\\\/', '', $class)));
        return 'crate::classes::' . implode('::', array_map(self::escape(...), $segments));
    }

    private static function rustName(ReflectionFunctionAbstract $function, string $name): string
    {
        return self::tag($function, 'rust') ?? self::escape(self::snake($name));
    }

    private static function path(string $name): string
    {
        return implode('\\', array_map(self::snake(...), explode('\\', $name)));
    }

    private static function snake(string $name): string
    {
        $name = strtr($name, self::WORDS);
        return strtolower(preg_replace(['/(?<=[a-z0-9])(?=[A-Z])/', '/(?<=[A-Z])(?=[A-Z][a-z])/'], '_', $name));
    }

    private static function escape(string $name): string
    {
        return in_array($name, self::KEYWORDS, true) ? "r#$name" : $name;
    }

    private static function lower(string $name): string
    {
        return str_replace('\\', '_', self::path($name));
    }

    private static function upper(string $name): string
    {
        return strtoupper(self::lower($name));
    }

    private static function bool(bool $value): string
    {
        return $value ? 'true' : 'false';
    }

    private static function rustString(string $text): string
    {
        if (str_contains($text, "\0")) {
            fail('NUL in a name or string value');
        }
        return '"' . addcslashes($text, "\\\"\n\r\t") . '"';
    }
}
