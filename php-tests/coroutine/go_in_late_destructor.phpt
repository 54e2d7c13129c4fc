--TEST--
A destructor that runs after the script's end cannot start a coroutine
--FILE--
<?php

declare(strict_types=1);

final class Late
{
    public function __destruct()
    {
        echo "destructor\n";
        go(static fn () => print("not reached\n"));
        echo "not reached\n";
    }
}

$late = new Late();
register_shutdown_function(static function (): void {
    go(static fn () => print("in a shutdown function\n"));
});
echo "end\n";
--EXPECTF--
end
in a shutdown function

Deprecated: swoole_event_rshutdown(): Event::wait() in shutdown function is deprecated in Unknown on line 0
destructor

Fatal error: go(): can not use coroutine in __destruct after php_request_shutdown in %s on line 10
