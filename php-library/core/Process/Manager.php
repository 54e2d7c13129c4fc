<?php

declare(strict_types=1);

namespace Swoole\Process;

/**
 * Starts processes that run functions, and starts each again when it ends: a {@see Pool} with a function for each of its workers.
 *
 * @alias Swoole\Process\ProcessManager
 */
class Manager
{
    /** @var Pool */
    protected $pool;

    /** @var int */
    protected $ipcType = SWOOLE_IPC_NONE;

    /** @var int */
    protected $msgQueueKey = 0;

    /** @var list<array{callable, bool}> */
    protected $startFuncMap = [];

    /** @param int $ipcType how processes of the pool talk, `SWOOLE_IPC_*`; see {@see Pool::__construct()} */
    public function __construct(int $ipcType = SWOOLE_IPC_NONE, int $msgQueueKey = 0)
    {
        $this->ipcType = $ipcType;
        $this->msgQueueKey = $msgQueueKey;
    }

    /**
     * Adds a process.
     *
     * @param callable $func called with the pool and the number of the process, which counts from 0
     * @param bool $enableCoroutine whether it is called in a coroutine
     */
    public function add(callable $func, bool $enableCoroutine = false): self
    {
        return $this->addBatch(1, $func, $enableCoroutine);
    }

    /** Adds several processes that run the same function, see {@see add()}. */
    public function addBatch(int $workerNum, callable $func, bool $enableCoroutine = false): self
    {
        for ($i = 0; $i < $workerNum; $i++) {
            $this->startFuncMap[] = [$func, $enableCoroutine];
        }
        return $this;
    }

    /** Starts them, and returns when the pool is shut down. */
    public function start(): void
    {
        $this->pool = new Pool(count($this->startFuncMap), $this->ipcType, $this->msgQueueKey, false);
        $this->pool->on('workerStart', function (Pool $pool, int $workerId): void {
            [$func, $enableCoroutine] = $this->startFuncMap[$workerId];
            if ($enableCoroutine) {
                \Swoole\Coroutine\run($func, $pool, $workerId);
            } else {
                $func($pool, $workerId);
            }
        });
        $this->pool->start();
    }

    public function setIPCType(int $ipcType): self
    {
        $this->ipcType = $ipcType;
        return $this;
    }

    public function getIPCType(): int
    {
        return $this->ipcType;
    }

    public function setMsgQueueKey(int $msgQueueKey): self
    {
        $this->msgQueueKey = $msgQueueKey;
        return $this;
    }

    public function getMsgQueueKey(): int
    {
        return $this->msgQueueKey;
    }
}
