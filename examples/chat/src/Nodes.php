<?php

declare(strict_types=1);

namespace Chat;

use Redis;
use RedisException;
use Swoole\Coroutine;
use Swoole\Coroutine\Channel;

/**
 * The other nodes of the same chat, through a channel of Redis and nothing else.
 *
 * What is said here is published. Who is here is published when that changes, when a node says hello, and every few seconds, so that a node
 * that was cut off needs no more than to listen again.
 */
final class Nodes
{
    private const CHANNEL = 'steelwool.chat';

    private readonly string $host;
    private readonly int $port;
    private ?Channel $outgoing = null;
    private int $listener = 0;
    private bool $ends = false;

    public function __construct(string $address, private readonly People $people)
    {
        [$host, $port] = explode(':', $address) + [1 => '6379'];
        [$this->host, $this->port] = [$host, (int) $port];
    }

    /** Listens, in a coroutine, until `stop()`; `$hear` gets what other nodes say, `$again` is called whenever the connection is up. */
    public function listen(callable $hear, callable $again): void
    {
        $this->listener = Coroutine::create(function () use ($hear, $again): void {
            while (!$this->ends) {
                try {
                    $redis = $this->connect();
                    $redis->setOption(Redis::OPT_READ_TIMEOUT, -1);
                    Coroutine::create($again);
                    $redis->subscribe([self::CHANNEL], function ($redis, string $channel, string $message) use ($hear): void {
                        $event = json_decode($message, true);
                        if (is_array($event) && ($event['node'] ?? '') !== $this->people->node) {
                            $hear($event);
                        }
                    });
                } catch (RedisException) {
                    // it is tried again
                }
                $this->ends || Coroutine::sleep(0.2);
            }
        });
    }

    public function stop(): void
    {
        $this->ends = true;
        $this->outgoing?->close();
        if ($this->listener > 0 && Coroutine::exists($this->listener)) {
            Coroutine::cancel($this->listener);
        }
    }

    /** Tells the other nodes; by and by, in the order of the calls of this worker. */
    public function tell(string $what, array $more = []): void
    {
        if ($this->ends) {
            return;
        }
        if ($this->outgoing === null) {
            $this->outgoing = new Channel(1024);
            Coroutine::create($this->publish(...));
        }
        $this->outgoing->push(json_encode(['what' => $what, 'node' => $this->people->node] + $more, JSON_INVALID_UTF8_SUBSTITUTE));
    }

    private function publish(): void
    {
        $redis = null;
        while (($message = $this->outgoing->pop()) !== false) {
            for ($attempt = 0; $attempt < 50 && !$this->ends; $attempt++) {
                try {
                    $redis ??= $this->connect();
                    $redis->publish(self::CHANNEL, $message);
                    break;
                } catch (RedisException) {
                    $redis = null;
                    Coroutine::sleep(0.1);
                }
            }
        }
    }

    private function connect(): Redis
    {
        $redis = new Redis();
        $redis->connect($this->host, $this->port, 2.0);
        return $redis;
    }
}
