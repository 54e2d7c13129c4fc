--TEST--
A fatal error in a coroutine ends the process; shutdown functions run
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

show_php(<<<'PHP'
    register_shutdown_function(static function (): void {
        echo 'shutdown function: ', error_get_last()['message'] ?? '', "\n";
    });
    Swoole\Coroutine\run(static function (): void {
        go(static function (): void {
            Swoole\Coroutine::sleep(0.01);
            echo "never\n";
        });
        Swoole\Coroutine::sleep(0.001);
        trigger_error('a fatal one', E_USER_ERROR);
        echo "never\n";
    });
    echo "never\n";
    PHP);
--EXPECTF--
%AFatal error: a fatal one in %s on line 11
shutdown function: a fatal one
exit code 255
