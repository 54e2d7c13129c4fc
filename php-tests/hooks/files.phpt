--TEST--
Each operation on a file lets other coroutines run; without the hook none does; files that are compiled never do
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/hooks.php';

$path = sys_get_temp_dir() . '/steelwool-' . getmypid();
$large = str_repeat('0123456789abcdef', 200_000);

/** Whether a coroutine that does this waits at least once. */
$switches = static function (Closure $do, mixed $expected) use (&$what): bool {
    $done = false;
    Swoole\Coroutine::create(static function () use ($do, $expected, &$done, &$what): void {
        $got = $do();
        expect($got === $expected, "$what: " . substr(var_export($got, true), 0, 60));
        $done = true;
    });
    $switched = !$done;
    while (!$done) {
        Swoole\Coroutine::sleep(0.001);
    }
    return $switched;
};
$operations = [
    'file_put_contents' => [static fn () => file_put_contents($path, $large), strlen($large)],
    'append' => [static fn () => file_put_contents($path, "line\n", FILE_APPEND | LOCK_EX), 5],
    'file_get_contents' => [static fn () => file_get_contents($path), "{$large}line\n"],
    'fgets' => [static fn () => strlen(fgets(fopen($path, 'r'))), strlen($large) + 5],
    'md5_file' => [static fn () => md5_file($path), md5("{$large}line\n")],
    'SplFileObject' => [static fn () => strlen((new SplFileObject($path))->fgets()), strlen($large) + 5],
    'fsync' => [static fn () => fsync(fopen($path, 'r+')), true],
    'ftruncate' => [static fn () => ftruncate(fopen($path, 'r+'), 3), true],
    'copy' => [static fn () => copy($path, "$path.copy"), true],
    'rename' => [static fn () => rename("$path.copy", "$path.other"), true],
    'unlink' => [static fn () => unlink("$path.other"), true],
    'mkdir' => [static fn () => mkdir("$path.folder"), true],
    'rmdir' => [static fn () => rmdir("$path.folder"), true],
    'missing' => [static fn () => @fopen("$path.missing", 'r'), false],
];
foreach ([SWOOLE_HOOK_ALL, SWOOLE_HOOK_FILE, SWOOLE_HOOK_ALL & ~(SWOOLE_HOOK_FILE | SWOOLE_HOOK_STDIO)] as $flags) {
    seconds_of(1, static function () use ($operations, $switches, &$what): void {
        $list = [];
        foreach ($operations as $what => [$do, $expected]) {
            $list[] = $switches($do, $expected) ? $what : "($what)";
        }
        echo implode(' ', $list), "\n";
    }, $flags);
}

file_put_contents("$path.php", '<?php return __LINE__;');
seconds_of(1, static function () use ($path, $switches, &$what): void {
    foreach (['include' => [static fn () => include "$path.php", 1],
        'parse_ini_file' => [static fn () => parse_ini_file("$path.php", false, INI_SCANNER_RAW), []],
        'php_strip_whitespace' => [static fn () => php_strip_whitespace("$path.php"), '<?php return __LINE__;'],
    ] as $what => [$do, $expected]) {
        echo $switches($do, $expected) ? "$what switched\n" : '';
    }
});

// The order of output that follows.
seconds_of(1, static function (): void {
    ob_start();
    echo "2\n";
    go(static function (): void {
        echo "1\n";
        fgets(fopen(__FILE__, 'r'));
        ob_start();
        echo "4\n";
    });
    echo "3\n";
});

// A write that is cancelled before it began says so and leaves the file alone.
seconds_of(1, static function () use ($path): void {
    $handle = fopen($path, 'r+');
    $cid = go(static function () use ($handle): void {
        var_dump(@fwrite($handle, 'changed'));
        echo posix_strerror(swoole_last_error()), "\n";
    });
    var_dump(Swoole\Coroutine::cancel($cid));
    echo file_get_contents($path), "\n";
});
array_map(unlink(...), glob("$path*"));
--EXPECT--
file_put_contents append file_get_contents fgets md5_file SplFileObject fsync ftruncate copy rename unlink mkdir rmdir missing
file_put_contents append file_get_contents fgets md5_file SplFileObject fsync ftruncate copy rename unlink mkdir rmdir missing
(file_put_contents) (append) (file_get_contents) (fgets) (md5_file) (SplFileObject) (fsync) (ftruncate) (copy) (rename) (unlink) (mkdir) (rmdir) (missing)
1
2
3
4
bool(false)
Operation canceled
bool(true)
012
