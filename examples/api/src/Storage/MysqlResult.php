<?php

declare(strict_types=1);

namespace Notes\Storage;

/** What a statement gave back. */
final readonly class MysqlResult
{
    /** @param list<array<string, mixed>> $rows */
    public function __construct(public array $rows, public int $affected, public int $insertId)
    {
    }
}
