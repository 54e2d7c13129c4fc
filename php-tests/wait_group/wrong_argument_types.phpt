--TEST--
Wrong arguments are TypeErrors
--FILE--
<?php

declare(strict_types=1);

use Swoole\Coroutine;
use Swoole\Coroutine\WaitGroup;

Coroutine\run(static function (): void {
    $group = new WaitGroup();
    $calls = [
        static fn () => new WaitGroup('x'),
        static fn () => $group->add('x'),
        static fn () => $group->wait('x'),
    ];
    foreach ($calls as $call) {
        try {
            $call();
        } catch (TypeError $e) {
            echo preg_replace('/, called in.*/', '', $e->getMessage()), "\n";
        }
    }
});
--EXPECT--
Swoole\Coroutine\WaitGroup::__construct(): Argument #1 ($delta) must be of type int, string given
Swoole\Coroutine\WaitGroup::add(): Argument #1 ($delta) must be of type int, string given
Swoole\Coroutine\WaitGroup::wait(): Argument #1 ($timeout) must be of type float, string given
