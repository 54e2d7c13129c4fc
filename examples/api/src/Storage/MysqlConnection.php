<?php

declare(strict_types=1);

namespace Notes\Storage;

use Swoole\Coroutine\MySQL;
use Swoole\Coroutine\MySQL\Statement;

/** A connection with its prepared statements; errors are exceptions. */
final class MysqlConnection
{
    /** @var array<string, Statement> */
    private array $statements = [];

    private function __construct(private readonly MySQL $mysql)
    {
    }

    /**
     * @param array<string, mixed> $server
     * @throws MysqlError
     */
    public static function open(array $server): self
    {
        $mysql = new MySQL();
        if (!$mysql->connect($server)) {
            throw new MysqlError($mysql->connect_error ?: $mysql->error, $mysql->connect_errno ?: $mysql->errno);
        }
        return new self($mysql);
    }

    /**
     * @param list<int|string> $values
     * @throws MysqlError
     */
    public function execute(string $sql, array $values): MysqlResult
    {
        $statement = $this->statements[$sql] ?? $this->mysql->prepare($sql);
        if ($statement === false) {
            throw new MysqlError($this->mysql->error, $this->mysql->errno);
        }
        $this->statements[$sql] = $statement;
        $result = $statement->execute($values);
        if ($result === false) {
            throw new MysqlError($statement->error, $statement->errno);
        }
        return new MysqlResult(is_array($result) ? $result : [], $statement->affected_rows, $statement->insert_id);
    }

    public function close(): void
    {
        $this->statements = [];
        $this->mysql->close();
    }
}
