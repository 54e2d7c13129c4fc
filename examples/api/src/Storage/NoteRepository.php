<?php

declare(strict_types=1);

namespace Notes\Storage;

use Notes\Notes\Note;
use Notes\Notes\NoteInput;

/** Where notes are kept. */
interface NoteRepository
{
    /** What to call this storage in front of people. */
    public function name(): string;

    /** Whether it answers. */
    public function ping(): bool;

    /** @return list<Note> the first `$limit` notes with ids above `$after` */
    public function list(int $after, int $limit): array;

    public function find(int $id): ?Note;

    public function add(NoteInput $input): Note;

    /** @return Note|null null when there is no such note */
    public function replace(int $id, NoteInput $input): ?Note;

    /** @return bool false when there is no such note */
    public function remove(int $id): bool;
}
