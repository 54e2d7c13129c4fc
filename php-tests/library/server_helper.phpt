--TEST--
Server\Helper warns of options that do not exist; Thread\Pool says that there are no threads
--FILE--
<?php

declare(strict_types=1);

use Swoole\Server\Helper;
use Swoole\Thread\Pool;

set_error_handler(static function (int $level, string $text): bool {
    echo $level === E_USER_WARNING ? 'warning' : $level, ": $text\n";
    return true;
});
ob_start(static fn (string $output) => preg_replace('/^#\d+ .*\n/m', '', $output));
Helper::checkOptions(['worker_num' => 1, 'no_such_option' => 2, 'Log_File' => 3, 'open_http2_protocol' => true, 'max_coroutine' => 1]);

final class Work extends Swoole\Thread\Runnable
{
    public function run(array $args): void
    {
    }
}

foreach ([fn () => new Pool(Work::class, 0), fn () => (new Pool('Missing', 1))->start(), fn () => (new Pool('stdClass', 1))->start(), fn () => (new Pool(Work::class, 2))->withArguments(1)->start()] as $bad) {
    try {
        $bad();
    } catch (Throwable $error) {
        echo get_class($error), ': ', $error->getMessage(), "\n";
    }
}
?>
--EXPECT--
warning: unsupported option [no_such_option]
Exception: threadNum must be greater than 0
Exception: class `Missing` not found
Exception: class `stdClass` must implements Thread\Runnable
Swoole\Error: Swoole\Thread is not in this release
