<?php

declare(strict_types=1);

namespace Notes\Storage;

use Notes\Notes\Note;
use Notes\Notes\NoteInput;
use PDO;
use PDOException;
use PDOStatement;

/** Notes in an SQLite file: nothing to install, for trying the service out. */
final class SqliteNotes implements NoteRepository
{
    private readonly PDO $database;

    public function __construct(private readonly string $file)
    {
        $this->database = new PDO("sqlite:$file", options: [
            PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
            PDO::ATTR_DEFAULT_FETCH_MODE => PDO::FETCH_ASSOC,
        ]);
        $this->database->exec('PRAGMA journal_mode = WAL');
        $this->database->exec('PRAGMA synchronous = NORMAL');
        $this->database->exec(
            'CREATE TABLE IF NOT EXISTS notes
             (id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, text TEXT NOT NULL, created TEXT NOT NULL)',
        );
    }

    public function name(): string
    {
        return "SQLite ({$this->file})";
    }

    public function ping(): bool
    {
        try {
            return $this->run('SELECT 1')->fetchColumn() !== false;
        } catch (PDOException) {
            return false;
        }
    }

    public function list(int $after, int $limit): array
    {
        $rows = $this->run('SELECT * FROM notes WHERE id > ? ORDER BY id LIMIT ?', $after, $limit)->fetchAll();
        return array_map(Note::fromRow(...), $rows);
    }

    public function find(int $id): ?Note
    {
        $row = $this->run('SELECT * FROM notes WHERE id = ?', $id)->fetch();
        return $row === false ? null : Note::fromRow($row);
    }

    public function add(NoteInput $input): Note
    {
        $created = gmdate('Y-m-d H:i:s');
        $this->run('INSERT INTO notes (title, text, created) VALUES (?, ?, ?)', $input->title, $input->text, $created);
        return new Note((int) $this->database->lastInsertId(), $input->title, $input->text, $created);
    }

    public function replace(int $id, NoteInput $input): ?Note
    {
        $this->run('UPDATE notes SET title = ?, text = ? WHERE id = ?', $input->title, $input->text, $id);
        return $this->find($id);
    }

    public function remove(int $id): bool
    {
        return $this->run('DELETE FROM notes WHERE id = ?', $id)->rowCount() > 0;
    }

    private function run(string $sql, int|string ...$values): PDOStatement
    {
        $statement = $this->database->prepare($sql);
        $statement->execute($values);
        return $statement;
    }
}
