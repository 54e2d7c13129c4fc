<?php

declare(strict_types=1);

namespace Notes\Notes;

use JsonSerializable;

/** A stored note. */
final readonly class Note implements JsonSerializable
{
    public function __construct(public int $id, public string $title, public string $text, public string $created)
    {
    }

    /** @param array<string, mixed> $row a row of the table `notes` */
    public static function fromRow(array $row): self
    {
        return new self((int) $row['id'], $row['title'], $row['text'], $row['created']);
    }

    public function jsonSerialize(): array
    {
        return get_object_vars($this);
    }
}
