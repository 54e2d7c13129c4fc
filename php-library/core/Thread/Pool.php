<?php

declare(strict_types=1);

namespace Swoole\Thread;

/**
 * Threads that run a class, each started again when it ends.
 *
 * Threads need a PHP built with thread safety (ZTS), and are not in this release: {@see start()} says so.
 */
class Pool
{
    /** @param class-string<Runnable> $runnableClass */
    public function __construct(private string $runnableClass, int $threadNum)
    {
        if ($threadNum <= 0) {
            throw new \Exception('threadNum must be greater than 0');
        }
    }

    /** @param mixed ...$arguments for {@see Runnable::run()} */
    public function withArguments(...$arguments): static
    {
        return $this;
    }

    /** @param string $autoloader file that a thread includes first */
    public function withAutoloader(string $autoloader): static
    {
        return $this;
    }

    /** @param string $classDefinitionFile file that declares the class, and does nothing else */
    public function withClassDefinitionFile(string $classDefinitionFile): static
    {
        return $this;
    }

    /** @throws \Swoole\Error there are no threads */
    public function start(): void
    {
        if (!class_exists($this->runnableClass)) {
            throw new \Exception("class `$this->runnableClass` not found");
        }
        if (!is_subclass_of($this->runnableClass, Runnable::class)) {
            throw new \Exception("class `$this->runnableClass` must implements Thread\\Runnable");
        }
        throw new \Swoole\Error('Swoole\Thread is not in this release');
    }

    public function shutdown(): void
    {
    }
}
