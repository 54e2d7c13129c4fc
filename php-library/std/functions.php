<?php

declare(strict_types=1);

use Swoole\Coroutine\System;

/**
 * PHP's `exec()` for coroutines: only the calling coroutine waits.
 *
 * @param array $output gets the lines, without white space at their ends, behind what it holds already
 * @param int $returnVar gets the exit status
 * @return string|false the last line; false when there is none or the command could not be run
 */
function swoole_exec(string $command, &$output = null, &$returnVar = null)
{
    $result = System::exec($command);
    if (!$result) {
        return false;
    }
    $lines = array_map(rtrim(...), explode("\n", $result['output']));
    if (end($lines) === '') {
        array_pop($lines);
    }
    $output = [...($output ?: []), ...$lines];
    $returnVar = $result['code'];
    return end($lines);
}

/**
 * PHP's `shell_exec()` for coroutines: only the calling coroutine waits.
 *
 * @return string|null what the command wrote, null when it wrote nothing or could not be run
 */
function swoole_shell_exec(string $cmd)
{
    $result = System::exec($cmd);
    return $result && $result['output'] !== '' ? $result['output'] : null;
}
