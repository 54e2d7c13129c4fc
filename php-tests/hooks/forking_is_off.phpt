--TEST--
pcntl_fork() and waits for any child are off while there are coroutines, and on again afterwards
--EXTENSIONS--
pcntl
--FILE--
<?php

declare(strict_types=1);

Swoole\Coroutine\run(static function (): void {
    var_dump(pcntl_fork(), pcntl_wait($status));
});
$child = pcntl_fork();
if ($child === 0) {
    exit(3);
}
pcntl_waitpid($child, $status);
echo pcntl_wexitstatus($status), "\n";
--EXPECTF--

Warning: pcntl_fork() has been disabled for security reasons in %s on line 6

Warning: pcntl_wait() has been disabled for security reasons in %s on line 6
NULL
NULL
3
