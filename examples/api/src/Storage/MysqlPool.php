<?php

declare(strict_types=1);

namespace Notes\Storage;

use Notes\Http\HttpError;
use Swoole\Coroutine\Channel;

/**
 * At most `$size` connections, opened when they are needed and kept for the next one who asks. Each connection is used by one
 * coroutine at a time; when all are out, the others wait in the channel.
 */
final class MysqlPool
{
    private const WAIT_SECONDS = 3.0;
    /** Errors after which a connection is of no more use: server gone, lost connection, and what the client calls a broken link. */
    private const BROKEN = [2002, 2003, 2006, 2013];

    private ?Channel $idle = null;
    private int $open = 0;

    /** @param array{host: string, port: int, user: string, password: string, database: string} $server */
    public function __construct(private readonly array $server, private readonly int $size)
    {
    }

    /** @throws HttpError 503 when the database does not answer */
    public function run(string $sql, int|string ...$values): MysqlResult
    {
        $connection = $this->take();
        $keep = false;
        try {
            $result = $connection->execute($sql, $values);
            $keep = true;
            return $result;
        } catch (MysqlError $e) {
            $keep = !in_array($e->getCode(), self::BROKEN, true);
            throw $keep ? $e : new HttpError(503, 'the database does not answer');
        } finally {
            $this->give($connection, $keep);
        }
    }

    private function take(): MysqlConnection
    {
        $this->idle ??= new Channel($this->size);
        if ($this->idle->isEmpty() && $this->open < $this->size) {
            $this->open++;
            try {
                return MysqlConnection::open($this->server + ['charset' => 'utf8mb4', 'timeout' => self::WAIT_SECONDS]);
            } catch (MysqlError $e) {
                $this->open--;
                error_log("cannot connect to the database: {$e->getMessage()}");
                throw new HttpError(503, 'the database does not answer');
            }
        }
        return $this->idle->pop(self::WAIT_SECONDS) ?: throw new HttpError(503, 'too many requests wait for the database');
    }

    private function give(MysqlConnection $connection, bool $keep): void
    {
        if ($keep) {
            $this->idle->push($connection);
        } else {
            $this->open--;
            $connection->close();
        }
    }
}
