--TEST--
Coroutines left to the end of the script are reported as deprecated, as Swoole does
--FILE--
<?php

declare(strict_types=1);

go(static function (): void {
    Swoole\Coroutine::sleep(0.001);
    echo "coroutine\n";
});
echo "end of script\n";
--EXPECT--
end of script

Deprecated: swoole_event_rshutdown(): Event::wait() in shutdown function is deprecated in Unknown on line 0
coroutine
