<?php

namespace Swoole;

/** Thrown where an object cannot be made or an operation cannot start; the code is an error number. */
class Exception extends \Exception
{
}

/** Thrown where a method is called in a place or state in which it can never work. */
class Error extends \Error
{
}

/**
 * Thrown by `exit` inside a coroutine, where ending the process would cut off the other coroutines.
 *
 * Uncaught it ends its coroutine; the loop goes on.
 */
class ExitException extends Exception
{
    private $flags = 0;
    private $status = 0;

    /** Where `exit` was called: `SWOOLE_EXIT_IN_COROUTINE` and `SWOOLE_EXIT_IN_SERVER`, combined with `|`. */
    public function getFlags(): int
    {
    }

    /** What was given to `exit`: an int or a string, null when nothing was. */
    public function getStatus(): mixed
    {
    }
}
