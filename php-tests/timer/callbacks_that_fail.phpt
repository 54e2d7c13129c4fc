--TEST--
a timer's callback that throws, exits or runs into a fatal error ends the script, in a coroutine and on the main stack; there a loop outlives an exception
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

const BODIES = [
    'throws' => 'throw new Exception("boom");',
    'exits' => 'echo "exiting\n"; exit(3);',
    'fatal' => 'trigger_error("fatal", E_USER_ERROR);',
];

foreach (['at the end' => '', 'in a loop' => 'Swoole\Coroutine\run(static fn () => Swoole\Coroutine::sleep(0.05)); echo "reached behind the loop\n";'] as $where => $loop) {
    foreach (['coroutine' => 'true', 'main stack' => 'false'] as $stack => $enabled) {
        foreach (BODIES as $name => $body) {
            echo "--- $name, $stack, $where\n";
            $code = <<<CODE
                swoole_async_set(['enable_coroutine' => $enabled]);
                Swoole\Timer::after(1, static function (): void { $body });
                Swoole\Timer::after(10, static function (): void { echo "reached by a timer\n"; });
                register_shutdown_function(static function (): void { echo "shutdown function\n"; });
                error_reporting(E_ALL ^ E_DEPRECATED);
                $loop
                CODE;
            $child = run_php($code, ['display_errors' => '1', 'html_errors' => '0', 'log_errors' => '0']);
            // Only the first line of a message: traces differ between PHP versions.
            echo implode("\n", preg_grep('/error: |^exiting|reached|^shutdown/', explode("\n", $child['out']))), "\n{$child['code']}\n";
        }
    }
}
?>
--EXPECTF--
--- throws, coroutine, at the end
Fatal error: Uncaught Exception: boom in %s:%d
shutdown function
255
--- exits, coroutine, at the end
exiting
Fatal error: Uncaught Swoole\ExitException: swoole exit in %s:%d
shutdown function
255
--- fatal, coroutine, at the end
Fatal error: fatal in %s on line %d
shutdown function
255
--- throws, main stack, at the end
Fatal error: Uncaught Exception: boom in %s:%d
reached by a timer
shutdown function
255
--- exits, main stack, at the end
exiting
3
--- fatal, main stack, at the end
Fatal error: fatal in %s on line %d
shutdown function
255
--- throws, coroutine, in a loop
Fatal error: Uncaught Exception: boom in %s:%d
shutdown function
255
--- exits, coroutine, in a loop
exiting
Fatal error: Uncaught Swoole\ExitException: swoole exit in %s:%d
shutdown function
255
--- fatal, coroutine, in a loop
Fatal error: fatal in %s on line %d
shutdown function
255
--- throws, main stack, in a loop
Fatal error: Uncaught Exception: boom in %s:%d
reached by a timer
reached behind the loop
shutdown function
255
--- exits, main stack, in a loop
exiting
shutdown function
3
--- fatal, main stack, in a loop
Fatal error: fatal in %s on line %d
shutdown function
255
