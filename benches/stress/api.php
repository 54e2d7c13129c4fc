<?php

declare(strict_types=1);

// Calls every function and method of the extension with arguments that nobody thought of, on objects in states that nobody thought of:
//
//   php -d extension=target/release/libsteelwool.so benches/stress/api.php [SECONDS=60 [FIRST SEED=1 [CALLS=400]]]
//
// Each seed is a process of its own, in a folder of its own, that may take 20 s. Whatever PHP can report is right: warnings, exceptions, a fatal error.
// Wrong are a process that dies of a signal, a panic, a message of the engine's about its own memory, and one that neither ends nor can be stopped.
// Prints each such seed and where its trace is, and "ok" when there was none. One seed again, with each call printed before it is made:
//
//   php -d extension=target/release/libsteelwool.so benches/stress/api.php seed SEED [CALLS=400]

/** One seed's program. */
final class Program
{
    /** What would harm others than this process, or is meant to end or replace it. */
    private const LEFT_OUT = [
        'Swoole\Process::kill', 'Swoole\Process::daemon', 'Swoole\Process::exec', 'Swoole\Process::exit', 'Swoole\Process::start',
        'Swoole\Process\Pool::start', 'Swoole\Server::start', 'Swoole\Process::wait', 'Swoole\Process::alarm', 'Swoole\Process::signal',
        'Swoole\Process\Pool::shutdown', 'Swoole\Process\Pool::stop', 'Swoole\Coroutine\System::exec', 'Swoole\Coroutine\System::wait',
        'Swoole\Coroutine\System::waitPid', 'Swoole\Coroutine\System::waitSignal', 'Swoole\Event::rshutdown', 'swoole_event_rshutdown', 'swoole_exec',
        'swoole_shell_exec', 'Swoole\Process::setPriority', 'Swoole\Process::setAffinity', 'Swoole\Event::wait', 'swoole_event_wait',
        'Swoole\Event::dispatch', 'swoole_event_dispatch', 'Swoole\Event::cycle', 'swoole_event_cycle', 'Swoole\Lock::lock', 'Swoole\Lock::lock_read',
        'Swoole\Process::read', 'Swoole\Process::pop', 'Swoole\Process::push', 'Swoole\Coroutine\parallel', 'Co\run', 'Swoole\Coroutine\run',
        'Swoole\Coroutine\Scheduler::start', 'Swoole\Server::shutdown', 'Swoole\Server::reload', 'Swoole\Server::stop', 'swoole_set_process_name',
        'swoole_async_set', 'Swoole\Coroutine\deadlock_check', 'Swoole\Atomic::wait', 'ArrayIterator::seek',
        'Swoole\Coroutine::exec', 'Swoole\Coroutine::wait', 'Swoole\Coroutine::waitPid', 'Swoole\Coroutine::waitSignal', 'swoole_select', 'swoole_client_select',
    ];

    /** @var list<callable-string|array{string, string}> */
    private array $callables = [];
    /** @var list<class-string> */
    private array $classes = [];
    /** @var list<object> */
    private array $objects = [];
    private int $deep = 0;

    public function __construct(private readonly int $seed, private readonly int $calls)
    {
        mt_srand($seed);
        $extension = new ReflectionExtension('swoole');
        foreach ($extension->getFunctions() as $function) {
            if ($function->isInternal() && !in_array($function->getName(), self::LEFT_OUT, true)) {
                $this->callables[] = $function->getName();
            }
        }
        foreach ($extension->getClasses() as $class) {
            if ($class->isInterface() || !$class->isInternal()) {
                continue;
            }
            $this->classes[] = $class->getName();
            foreach ($class->getMethods(ReflectionMethod::IS_PUBLIC) as $method) {
                if ($method->isStatic() && !in_array("{$method->class}::{$method->name}", self::LEFT_OUT, true)) {
                    $this->callables[] = [$class->getName(), $method->name];
                }
            }
        }
    }

    public function run(): void
    {
        set_error_handler(static fn () => true);
        if ($this->chance(30)) {
            for ($i = 0; $i < $this->calls; $i++) {
                $this->step();
            }
            Swoole\Timer::after(1, fn () => Swoole\Coroutine::create($this->end(...)));
            return;
        }
        Swoole\Coroutine\run(function (): void {
            for ($i = 0; $i < $this->calls; $i++) {
                if ($this->chance(60)) {
                    Swoole\Coroutine::create($this->step(...));
                } else {
                    $this->timed($this->step(...));
                }
            }
            $this->end();
        });
    }

    /** Cancels what waits for ever, says what cannot be cancelled, and ends. */
    private function end(): void
    {
        $this->objects = [];
        for ($i = 0; $i < 20 && Swoole\Coroutine::stats()['coroutine_num'] > 1; $i++) {
            Swoole\Timer::clearAll();
            foreach (Swoole\Coroutine::listCoroutines() as $id) {
                Swoole\Coroutine::cancel($id);
            }
            Swoole\Coroutine::sleep(0.002);
        }
        Swoole\Timer::clearAll();
        // The loop has begun by now, so that it can be left.
        Swoole\Coroutine::sleep(0.001);
        foreach (Swoole\Coroutine::listCoroutines() as $id) {
            if ($id !== Swoole\Coroutine::getCid()) {
                $this->say("cannot be cancelled: $id");
                Swoole\Coroutine::printBackTrace($id);
            }
        }
        Swoole\Event::exit();
    }

    /** Runs it in a coroutine and goes on after 5 ms at the latest. */
    private function timed(Closure $what): void
    {
        $id = Swoole\Coroutine::create($what);
        if (is_int($id) && Swoole\Coroutine::exists($id)) {
            Swoole\Coroutine::join([$id], 0.005);
        }
    }

    private function step(): void
    {
        try {
            match ($this->below(12)) {
                0, 1 => $this->make(),
                2 => $this->property(),
                3 => $this->handle(),
                4, 5 => $this->invoke($this->callables[$this->below(count($this->callables))]),
                6 => $this->drop(),
                default => $this->method(),
            };
        } catch (Throwable $e) {
            $this->say('  ' . $e::class . ': ' . $e->getMessage());
        }
    }

    private function make(): void
    {
        $name = $this->classes[$this->below(count($this->classes))];
        $class = new ReflectionClass($name);
        $this->say("new $name");
        $object = match (true) {
            $this->chance(10) => $class->newInstanceWithoutConstructor(),
            $this->chance(10) && !$class->isFinal() => eval('return new class extends \\' . $name . ' { public function __construct() {} };'),
            $class->getConstructor()?->isPublic() => $class->newInstanceArgs($this->arguments($class->getConstructor())),
            default => $class->newInstanceWithoutConstructor(),
        };
        if ($object instanceof Swoole\Table && $this->chance(95)) {
            // Every method of one that was not created is a fatal error.
            $object->column('a', Swoole\Table::TYPE_INT);
            $object->column('b', Swoole\Table::TYPE_STRING, 8);
            $object->create();
        }
        $this->objects[] = $object;
    }

    private function method(): void
    {
        if ($this->objects === []) {
            $this->make();
        }
        $object = $this->object();
        $methods = (new ReflectionObject($object))->getMethods(ReflectionMethod::IS_PUBLIC);
        $method = $methods === [] ? null : $methods[$this->below(count($methods))];
        if ($method !== null && !in_array("{$method->class}::{$method->name}", self::LEFT_OUT, true) && $method->name !== '__destruct') {
            $this->invoke([$object, $method->name]);
        }
    }

    /** @param callable-string|array{object|string, string} $what */
    private function invoke(string|array $what): void
    {
        $reflection = is_string($what) ? new ReflectionFunction($what) : new ReflectionMethod($what[0], $what[1]);
        $arguments = $this->arguments($reflection);
        $this->say((is_string($what) ? $what : (is_string($what[0]) ? $what[0] : $what[0]::class . '#' . spl_object_id($what[0])) . "::$what[1]")
            . ' ' . implode(', ', array_map($this->shown(...), $arguments)));
        $result = is_string($what) ? $what(...$arguments) : (is_string($what[0]) ? $what[0]::{$what[1]}(...$arguments) : $what[0]->{$what[1]}(...$arguments));
        if (is_object($result) && !$result instanceof self && count($this->objects) < 200) {
            $this->objects[] = $result;
        }
    }

    private function property(): void
    {
        if ($this->objects === []) {
            return;
        }
        $object = $this->object();
        $properties = (new ReflectionObject($object))->getProperties();
        $name = $properties === [] || $this->chance(5) ? 'other' : $properties[$this->below(count($properties))]->getName();
        $this->say('property of ' . $object::class . "#" . spl_object_id($object) . ": $name");
        $how = $this->below(5);
        $value = $this->value();
        $act = function () use ($name, $how, $value): void {
            /** @var object $this */
            if ($how === 0) {
                unset($this->$name);
            } elseif ($how === 1) {
                $reference = &$this->$name;
                $reference = $value;
            } elseif ($how === 2) {
                $this->$name[] = $value;
            } elseif ($how === 3) {
                isset($this->$name) ?: $this->$name;
            } else {
                $this->$name = $value;
            }
        };
        Closure::bind($act, $object)();
    }

    /** What can be done with every object. */
    private function handle(): void
    {
        if ($this->objects === []) {
            return;
        }
        $object = $this->object();
        $how = $this->below(11);
        $this->say("handle $how of " . $object::class . '#' . spl_object_id($object));
        match ($how) {
            0 => $this->objects[] = clone $object,
            1 => print_r($object, true),
            2 => serialize($object),
            3 => json_encode($object),
            4 => (array) $object,
            5 => $object == $this->object(),
            6 => iterator_count($object instanceof Traversable ? new LimitIterator(new IteratorIterator($object), 0, 100) : new ArrayIterator(get_object_vars($object))),
            7 => $this->objects[] = unserialize('O:' . strlen($object::class) . ':"' . $object::class . '":0:{}'),
            8 => gc_collect_cycles(),
            9 => $object->self = $object,
            10 => count($object instanceof Countable ? $object : []) + (int) isset($object[$this->scalar()]),
        };
    }

    private function drop(): void
    {
        if ($this->objects !== []) {
            $key = array_rand($this->objects);
            unset($this->objects[$key]);
            $this->objects = array_values($this->objects);
        }
    }

    private function object(): object
    {
        return $this->objects[$this->below(count($this->objects))];
    }

    /** @return list<mixed> */
    private function arguments(ReflectionFunctionAbstract $function): array
    {
        $parameters = $function->getParameters();
        $least = $function->getNumberOfRequiredParameters();
        $many = $this->chance(5) ? $this->below(8) : $least + $this->below(count($parameters) - $least + 1);
        $arguments = [];
        for ($i = 0; $i < $many; $i++) {
            $parameter = $parameters[min($i, count($parameters) - 1)] ?? null;
            $arguments[] = $this->chance(80) && $parameter !== null ? $this->fitting($parameter) : $this->value();
        }
        return $arguments;
    }

    private function fitting(ReflectionParameter $parameter): mixed
    {
        $type = $parameter->getType();
        $types = $type instanceof ReflectionUnionType ? $type->getTypes() : ($type === null ? [] : [$type]);
        $named = $types === [] ? null : $types[$this->below(count($types))];
        $name = strtolower($parameter->getName());
        return match ($named instanceof ReflectionNamedType ? $named->getName() : 'mixed') {
            'int' => match (true) {
                str_contains($name, 'port') => [0, 1, 9, 65535, 65536, -1][$this->below(6)],
                str_contains($name, 'size'), str_contains($name, 'len') => [0, 1, 64, 1024, 65536, -1, PHP_INT_MAX, PHP_INT_MIN][$this->below(8)],
                $this->chance(50) => $this->below(20) - 2,
                default => [0, -1, PHP_INT_MAX, PHP_INT_MIN, 1 << 32, 4096][$this->below(6)],
            },
            'float' => [0.0, -1.0, 0.001, 0.002, NAN, INF, -INF, 1e300][$this->below(8)],
            'bool', 'true', 'false' => $this->chance(50),
            'string' => $this->string(),
            'array' => $this->array(),
            'callable', 'Closure' => $this->callable(),
            'mixed' => $this->value(),
            default => $this->objects !== [] && $this->chance(70) ? $this->object() : $this->value(),
        };
    }

    private function value(): mixed
    {
        return match ($this->below(9)) {
            0 => null,
            1, 2 => $this->scalar(),
            3 => $this->string(),
            4 => $this->array(),
            5 => $this->callable(),
            6 => $this->objects === [] ? new stdClass() : $this->object(),
            7 => [static fn () => fopen('php://memory', 'w+'), static fn () => stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0)[0],
                static fn () => tmpfile()][$this->below(3)](),
            8 => new ArrayObject([1, 2]),
        };
    }

    private function scalar(): int|float|string|bool
    {
        return [0, 1, -1, 2, 100, PHP_INT_MAX, PHP_INT_MIN, 0.001, -0.5, NAN, true, false, '', '0', '1', 'a'][$this->below(16)];
    }

    private function string(): string
    {
        return match ($this->below(14)) {
            0 => '',
            1 => "\0",
            2 => str_repeat('x', 70000),
            3 => '127.0.0.1',
            4 => 'localhost',
            5 => "a\0b",
            6 => "\r\n",
            7 => "\xff\xfe",
            8 => 'SELECT 1',
            9 => '/',
            10 => './file',
            11 => 'unix:nowhere',
            12 => ['Receive', 'request', 'Connect', 'message', 'workerStart', 'task', 'packet', 'close'][$this->below(8)],
            13 => (string) $this->scalar(),
        };
    }

    /** @return array<mixed> */
    private function array(): array
    {
        $array = [];
        for ($i = $this->below(4); $i > 0; $i--) {
            $key = match ($this->below(3)) {
                0 => $this->below(3),
                1 => ['host', 'port', 'timeout', 'worker_num', 'open_length_check', 'package_max_length', 'open_eof_check', 'package_eof', 'hook_flags', 'user',
                    'ssl_cert_file', 'headers', 'data', 'dispatch_func', 'max_coroutine', 'stack_size', 'http2_max_frame_size'][$this->below(17)],
                2 => $this->string(),
            };
            $array[$key] = $this->deep++ < 20 ? $this->value() : 1;
        }
        $this->deep = 0;
        if ($this->chance(5)) {
            $array['self'] = &$array;
        }
        return $array;
    }

    private function callable(): mixed
    {
        return [
            static fn () => null,
            static fn () => usleep(1000),
            $this->chance(10) ? static fn () => throw new RuntimeException('from a callback') : static fn () => false,
            static fn (...$all) => $all,
            fn () => $this->step(),
            'strlen',
            'no_such_function',
            [$this, 'run_'],
        ][$this->below(8)];
    }

    private function shown(mixed $value): string
    {
        return match (true) {
            is_object($value) => $value::class . '#' . spl_object_id($value),
            is_array($value) => 'array(' . implode(',', array_map(static fn ($key, $it) => json_encode((string) $key, JSON_INVALID_UTF8_SUBSTITUTE) . ':' . get_debug_type($it), array_keys($value), $value)) . ')',
            is_string($value) => json_encode(substr($value, 0, 20), JSON_INVALID_UTF8_SUBSTITUTE) . (strlen($value) > 20 ? '...' : ''),
            is_resource($value) => 'resource',
            default => var_export($value, true),
        };
    }

    private function say(string $what): void
    {
        fwrite(STDERR, "$what\n");
    }

    private function below(int $limit): int
    {
        return $limit <= 1 ? 0 : mt_rand(0, $limit - 1);
    }

    private function chance(int $percent): bool
    {
        return mt_rand(1, 100) <= $percent;
    }
}

/** How the process of one seed ended: null when that is right. */
function outcome(int $seed, int $calls): ?string
{
    $folder = sys_get_temp_dir() . '/steelwool-api-' . getmypid();
    is_dir($folder) || mkdir($folder);
    $loaded = ini_get('extension') ?: '';
    $extension = getenv('EXTENSION') ?: $loaded;
    $command = [PHP_BINARY, '-d', "extension=$extension", '-d', 'memory_limit=256M', __FILE__, 'seed', (string) $seed, (string) $calls];
    $process = proc_open($command, [['file', '/dev/null', 'r'], ['file', "$folder/out", 'w'], ['file', "$folder/trace", 'w']], $pipes, $folder);
    $until = microtime(true) + 20;
    while (($status = proc_get_status($process))['running'] && microtime(true) < $until) {
        usleep(5000);
    }
    $late = $status['running'];
    if ($late) {
        posix_kill($status['pid'], SIGKILL);
    }
    proc_close($process);
    $said = file_get_contents("$folder/out") . file_get_contents("$folder/trace", false, null, max(0, filesize("$folder/trace") - 20000));
    $outcome = match (true) {
        $late => 'did not end',
        $status['signaled'] => "died of signal {$status['termsig']}",
        (bool) preg_match('/panicked at.*|zend_mm_heap corrupted|corrupted .*list|double free.*|\binvalid pointer\b/', $said, $match) => $match[0],
        default => null,
    };
    if ($outcome !== null) {
        // What it did; another run may take another way.
        copy("$folder/trace", "$folder/trace-$seed");
        copy("$folder/out", "$folder/out-$seed");
        $outcome .= " ($folder/trace-$seed)";
    }
    return $outcome;
}

if (($argv[1] ?? '') === 'seed') {
    (new Program((int) $argv[2], (int) ($argv[3] ?? 400)))->run();
    return;
}
$until = microtime(true) + (float) ($argv[1] ?? 60);
$wrong = 0;
for ($seed = (int) ($argv[2] ?? 1), $first = $seed; microtime(true) < $until; $seed++) {
    $outcome = outcome($seed, (int) ($argv[3] ?? 400));
    if ($outcome !== null) {
        $wrong++;
        echo "seed $seed: $outcome\n";
    }
}
echo $seed - $first, " seeds, ", $wrong === 0 ? 'ok' : "$wrong wrong", "\n";
exit($wrong === 0 ? 0 : 1);
