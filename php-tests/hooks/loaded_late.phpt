--TEST--
An extension that dl() loads while the loop runs yields at once
--FILE--
<?php

declare(strict_types=1);

require __DIR__ . '/../include/bootstrap.php';

$code = <<<'PHP'
    <?php
    Swoole\Coroutine\run(static function (): void {
        usleep(1);
        var_dump(extension_loaded('sysvmsg'), dl('sysvmsg'));
        $queue = msg_get_queue(random_int(1, 1 << 30));
        go(static function () use ($queue): void {
            msg_receive($queue, 1, $kind, 100, $message, false);
            echo $message, "\n";
        });
        echo "others run\n";
        msg_send($queue, 1, 'message', false);
        usleep(1000);
        msg_remove_queue($queue);
    });
    PHP;
// Of the extensions only this one.
$extension = current(preg_grep('/^(-d ?)?"?extension=.*libsteelwool/', php_command()));
$script = script_file($code);
passthru(implode(' ', array_map(escapeshellarg(...), ['timeout', '10', PHP_BINARY, '-n', '-d', ltrim($extension, '-d '), $script])));
--EXPECT--
bool(false)
bool(true)
others run
message
