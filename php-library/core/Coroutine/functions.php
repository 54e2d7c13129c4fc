<?php

declare(strict_types=1);

namespace Swoole\Coroutine;

use Swoole\Coroutine;

/**
 * Runs each task in a coroutine of its own and waits for all of them.
 *
 * @param array<callable> $tasks called without arguments
 * @param float $timeout seconds to wait; without end when negative
 * @return array what the tasks returned, under their keys; null for those that did not end in time
 */
function batch(array $tasks, float $timeout = -1): array
{
    return map($tasks, static fn (callable $task) => $task(), $timeout);
}

/**
 * Runs `$fn` in `$n` coroutines at once and waits for all of them.
 *
 * @param callable $fn called without arguments
 */
function parallel(int $n, callable $fn): void
{
    $group = new WaitGroup($n);
    for ($i = 0; $i < $n; $i++) {
        Coroutine::create(static function () use ($fn, $group): void {
            $fn();
            $group->done();
        });
    }
    $group->wait();
}

/**
 * Calls `$fn` for each element in a coroutine of its own and waits for all of them.
 *
 * @param callable $fn called with an element and its key
 * @param float $timeout seconds to wait; without end when negative
 * @return array what `$fn` returned, under the keys of the list; null for the calls that did not end in time
 */
function map(array $list, callable $fn, float $timeout = -1): array
{
    $results = array_fill_keys(array_keys($list), null);
    $group = new WaitGroup(count($list));
    foreach ($list as $key => $element) {
        Coroutine::create(static function () use (&$results, $group, $fn, $key, $element): void {
            $results[$key] = $fn($element, $key);
            $group->done();
        });
    }
    $group->wait($timeout);
    return $results;
}

/**
 * Prints that all coroutines wait for each other, with a trace of each; called by the event loop.
 *
 * The options of {@see Coroutine::set()} `deadlock_check_disable_trace`, `deadlock_check_limit` (coroutines, 32) and
 * `deadlock_check_depth` (calls, 32) say how much.
 */
function deadlock_check()
{
    $count = Coroutine::stats()['coroutine_num'];
    $options = Coroutine::getOptions();
    $width = 64 + strlen((string) $count);
    $double = ' ' . str_repeat('=', $width) . "\n";
    echo "\n$double  [FATAL ERROR]: all coroutines (count: $count) are asleep - deadlock!\n$double";
    if (empty($options['deadlock_check_disable_trace'])) {
        $left = (int) ($options['deadlock_check_limit'] ?? 0) ?: 32;
        $depth = (int) ($options['deadlock_check_depth'] ?? 0) ?: 32;
        foreach (Coroutine::listCoroutines() as $cid) {
            echo "\n  [Coroutine-$cid]\n ", str_repeat('-', $width), "\n";
            Coroutine::printBackTrace($cid, DEBUG_BACKTRACE_IGNORE_ARGS, $depth);
            if (--$left <= 0) {
                break;
            }
        }
    }
    echo "\n$double";
}
