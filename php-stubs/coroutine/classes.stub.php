<?php

namespace Swoole\Coroutine;

/**
 * A coroutine's own storage, freed with it.
 *
 * @short-alias Co\Context
 */
class Context extends \ArrayObject
{
}

/**
 * A list of coroutine ids.
 *
 * @short-alias Co\Iterator
 */
class Iterator extends \ArrayIterator
{
}

/** Thrown where a coroutine waits when it is cancelled with an exception. */
final class CanceledException extends \Exception
{
}

/** Thrown where a coroutine waits when its time limit passes. */
final class TimeoutException extends \Exception
{
}
