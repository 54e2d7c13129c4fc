<?php

declare(strict_types=1);

/**
 * Sets several options of the library, see {@see swoole_library_set_option()}.
 *
 * @param array<string, mixed> $options all options from now on: those that are left out are forgotten
 */
function swoole_library_set_options(array $options): void
{
    SwooleLibrary::$options = $options;
}

/**
 * The options of the library that were set.
 *
 * @return array<string, mixed>
 */
function swoole_library_get_options(): array
{
    return SwooleLibrary::$options;
}

/**
 * Sets an option of the library, for this process and those that it forks from now on.
 *
 * @param string $key `http_client_driver` (`swoole`, `curl` or `stream`), `default_remote_object_server_dir` and others that begin so,
 *     or any name of your own
 */
function swoole_library_set_option(string $key, mixed $value): void
{
    SwooleLibrary::$options[$key] = $value;
}

/** An option of the library, null when it was not set. */
function swoole_library_get_option(string $key): mixed
{
    return SwooleLibrary::$options[$key] ?? null;
}

/** A string with methods. */
function swoole_string(string $string = ''): Swoole\StringObject
{
    return new Swoole\StringObject($string);
}

/** A string with methods that count characters, not bytes; needs ext/mbstring. */
function swoole_mbstring(string $string = ''): Swoole\MultibyteStringObject
{
    return new Swoole\MultibyteStringObject($string);
}

/** An array with methods. */
function swoole_array(array $array = []): Swoole\ArrayObject
{
    return new Swoole\ArrayObject($array);
}

/**
 * Short name of {@see swoole_string()}.
 *
 * @short
 */
function _string(string $string = ''): Swoole\StringObject
{
    return new Swoole\StringObject($string);
}

/**
 * Short name of {@see swoole_mbstring()}.
 *
 * @short
 */
function _mbstring(string $string = ''): Swoole\MultibyteStringObject
{
    return new Swoole\MultibyteStringObject($string);
}

/**
 * Short name of {@see swoole_array()}.
 *
 * @short
 */
function _array(array $array = []): Swoole\ArrayObject
{
    return new Swoole\ArrayObject($array);
}

/** An array with methods, of the arguments. */
function swoole_array_list(...$arrray): Swoole\ArrayObject
{
    return new Swoole\ArrayObject($arrray);
}

/** What the array holds under this key, or the default when it has no such key. */
function swoole_array_default_value(array $array, $key, $default_value = null)
{
    return array_key_exists($key, $array) ? $array[$key] : $default_value;
}

/**
 * Makes a table in shared memory.
 *
 * @param int $size rows
 * @param string $fields columns, `name:type` separated by commas: `id:int, score:float, name:string:64`; `i`, `f` and `s` are short for
 *     the types, and a string needs its length
 * @throws RuntimeException for a column that is not understood, and when there is not enough memory
 */
function swoole_table(int $size, string $fields): Swoole\Table
{
    $table = new Swoole\Table($size, 0.25);
    foreach (explode(',', trim($fields)) as $field) {
        $parts = array_map(trim(...), explode(':', trim($field)));
        $type = $parts[1] ?? '';
        if ($type === 'i' || $type === 'int') {
            $table->column($parts[0], Swoole\Table::TYPE_INT);
        } elseif ($type === 'f' || $type === 'float') {
            $table->column($parts[0], Swoole\Table::TYPE_FLOAT);
        } elseif ($type === 's' || $type === 'string') {
            if (!isset($parts[2])) {
                throw new RuntimeException('need to give string length');
            }
            $length = (int) $parts[2];
            if ($length <= 0) {
                throw new RuntimeException("invalid string length[$length]");
            }
            $table->column($parts[0], Swoole\Table::TYPE_STRING, $length);
        } else {
            throw new RuntimeException("unknown field type[$type]");
        }
    }
    if (!$table->create()) {
        throw new RuntimeException('failed to create table');
    }
    return $table;
}

/** Whether this process runs in a container of Docker or Kubernetes, as far as its mounts tell. */
function swoole_is_in_container(): bool
{
    $mounts = (string) file_get_contents('/proc/self/mountinfo');
    return str_contains($mounts, 'kubepods') || str_contains($mounts, 'docker');
}

/**
 * How many processors this process may use: the environment variable `SWOOLE_CPU_NUM`, else the quota of its container rounded
 * down, else all of them.
 */
function swoole_container_cpu_num(): int
{
    $wanted = (int) getenv('SWOOLE_CPU_NUM');
    if ($wanted > 0) {
        return $wanted;
    }
    if (!swoole_is_in_container()) {
        return swoole_cpu_num();
    }
    if (is_file('/sys/fs/cgroup/cpu.max')) {
        [$quota, $period] = explode(' ', trim((string) file_get_contents('/sys/fs/cgroup/cpu.max'))) + ['max', '100000'];
    } else {
        $quota = @file_get_contents('/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us');
        $period = @file_get_contents('/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us');
    }
    $processors = (int) $period > 0 ? intdiv((int) $quota, (int) $period) : 0;
    return $processors < 1 ? swoole_cpu_num() : $processors;
}

/**
 * Starts the default server of remote objects, unless it runs already.
 *
 * The server is not in this release: nothing is started, and {@see swoole_get_default_remote_object_client()} says so.
 */
function swoole_init_default_remote_object_server(): void
{
}

/**
 * A client of the default server of remote objects, which is started first if need be.
 *
 * @throws Swoole\Error always: the server is not in this release
 */
function swoole_get_default_remote_object_client(): Swoole\RemoteObject\Client
{
    throw new Swoole\Error('Swoole\RemoteObject\Server is not in this release');
}
