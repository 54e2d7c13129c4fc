<?php

namespace {
    /** The version of Swoole whose API this is. */
    function swoole_version(): string
    {
    }

    /**
     * Starts a coroutine at once, see {@see \Swoole\Coroutine::create()}.
     *
     * @rust coroutine_create
     */
    function swoole_coroutine_create(callable $func, mixed ...$params): int|false
    {
    }

    /**
     * Calls a function when the current coroutine ends, see {@see \Swoole\Coroutine::defer()}.
     *
     * @rust coroutine_defer
     */
    function swoole_coroutine_defer(callable $callback): void
    {
    }

    /**
     * Two sockets that are connected with each other.
     *
     * @param int $domain `AF_UNIX`
     * @param int $type `SOCK_STREAM` or `SOCK_DGRAM`
     * @return array|false two `Swoole\Coroutine\Socket`
     */
    function swoole_coroutine_socketpair(int $domain, int $type, int $protocol): array|false
    {
    }

    /**
     * Starts a coroutine without PHP code that sleeps; nothing happens before the first coroutine. For tests.
     *
     * @param int $count how many times it sleeps
     * @param float $sleep_time seconds
     */
    function swoole_test_kernel_coroutine(int $count = 100, float $sleep_time = 1.0): void
    {
    }

    /**
     * Starts a coroutine at once, see {@see \Swoole\Coroutine::create()}; further arguments are passed on.
     *
     * @short
     * @rust coroutine_create
     */
    function go(callable $func, mixed ...$params): int|false
    {
    }

    /**
     * Calls a function when the current coroutine ends, see {@see \Swoole\Coroutine::defer()}.
     *
     * @short
     * @rust coroutine_defer
     */
    function defer(callable $callback): void
    {
    }
}

namespace Swoole\Coroutine {
    /**
     * Runs a function as a coroutine and waits for it and every coroutine that it starts.
     *
     * @param callable $fn what to run
     * @param mixed ...$args its arguments
     * @return bool false, with a warning, when a loop runs already
     */
    function run(callable $fn, ...$args)
    {
    }

    /**
     * Starts a coroutine at once, see {@see \Swoole\Coroutine::create()}.
     *
     * @return int|false the id of the coroutine
     * @rust coroutine_create
     */
    function go(callable $fn, ...$args)
    {
    }

    /**
     * Calls a function when the current coroutine ends, see {@see \Swoole\Coroutine::defer()}.
     *
     * @return void
     * @rust coroutine_defer
     */
    function defer(callable $fn)
    {
    }
}

namespace Swoole\Coroutine\MySQL {
    /**
     * Makes a connection fit for its next user, for pools: takes back a transaction that is open, and turns defer mode off.
     *
     * A connection that has unread results, or that another coroutine waits on, is closed. One that is idle costs no message to the server.
     *
     * @param \Swoole\Coroutine\MySQL $connection the connection
     * @param float $timeout seconds that the rollback may take, 0 for the default of `Swoole\Coroutine::set()`
     * @return bool whether it is open, idle and outside of a transaction
     * @rust coroutine_mysql_restore
     */
    function restore(\Swoole\Coroutine\MySQL $connection, float $timeout = 0): bool
    {
    }
}

namespace Co {
    /**
     * Runs a function as a coroutine and waits for it and every coroutine that it starts.
     *
     * @param callable $fn what to run
     * @param mixed ...$args its arguments
     * @short
     * @rust coroutine_run
     * @return bool false, with a warning, when a loop runs already
     */
    function run(callable $fn, ...$args)
    {
    }

    /**
     * Starts a coroutine at once, see {@see \Swoole\Coroutine::create()}.
     *
     * @return int|false the id of the coroutine
     * @short
     * @rust coroutine_create
     */
    function go(callable $fn, ...$args)
    {
    }

    /**
     * Calls a function when the current coroutine ends, see {@see \Swoole\Coroutine::defer()}.
     *
     * @return void
     * @short
     * @rust coroutine_defer
     */
    function defer(callable $fn)
    {
    }
}
