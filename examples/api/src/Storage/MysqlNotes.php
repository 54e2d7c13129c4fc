<?php

declare(strict_types=1);

namespace Notes\Storage;

use Notes\Http\HttpError;
use Notes\Notes\Note;
use Notes\Notes\NoteInput;

/** Notes in MySQL or MariaDB, through a pool of coroutine connections: a waiting query holds up no other request. */
final class MysqlNotes implements NoteRepository
{
    private readonly MysqlPool $pool;
    private bool $prepared = false;

    /** @param array{host: string, port: int, user: string, password: string, database: string} $server */
    public function __construct(private readonly array $server, int $size)
    {
        $this->pool = new MysqlPool($server, $size);
    }

    public function name(): string
    {
        return "MySQL ({$this->server['host']}:{$this->server['port']}/{$this->server['database']})";
    }

    public function ping(): bool
    {
        try {
            return $this->run('SELECT 1 AS one')->rows === [['one' => 1]];
        } catch (HttpError) {
            return false;
        }
    }

    public function list(int $after, int $limit): array
    {
        $rows = $this->run('SELECT * FROM notes WHERE id > ? ORDER BY id LIMIT ?', $after, $limit)->rows;
        return array_map(Note::fromRow(...), $rows);
    }

    public function find(int $id): ?Note
    {
        $rows = $this->run('SELECT * FROM notes WHERE id = ?', $id)->rows;
        return $rows === [] ? null : Note::fromRow($rows[0]);
    }

    public function add(NoteInput $input): Note
    {
        $created = gmdate('Y-m-d H:i:s');
        $result = $this->run('INSERT INTO notes (title, text, created) VALUES (?, ?, ?)', $input->title, $input->text, $created);
        return new Note($result->insertId, $input->title, $input->text, $created);
    }

    public function replace(int $id, NoteInput $input): ?Note
    {
        $this->run('UPDATE notes SET title = ?, text = ? WHERE id = ?', $input->title, $input->text, $id);
        return $this->find($id);
    }

    public function remove(int $id): bool
    {
        return $this->run('DELETE FROM notes WHERE id = ?', $id)->affected > 0;
    }

    private function run(string $sql, int|string ...$values): MysqlResult
    {
        if (!$this->prepared) {
            $this->pool->run(
                'CREATE TABLE IF NOT EXISTS notes (id BIGINT PRIMARY KEY AUTO_INCREMENT, title VARCHAR(120) NOT NULL,
                 text TEXT NOT NULL, created CHAR(19) NOT NULL) CHARACTER SET utf8mb4',
            );
            $this->prepared = true;
        }
        return $this->pool->run($sql, ...$values);
    }
}
