<?php

declare(strict_types=1);

namespace Chat;

use Swoole\Atomic;
use Swoole\Table;

/** Who is in which room, here and on other nodes; one table that all workers share. */
final class People
{
    /** Seconds after which a node that says nothing is gone, and its people with it. */
    public const FORGOTTEN = 15;

    private readonly Table $table;
    private readonly Atomic $versions;

    public function __construct(public readonly string $node)
    {
        $this->versions = new Atomic();
        $this->table = new Table(16384);
        $this->table->column('node', Table::TYPE_STRING, 16);
        $this->table->column('fd', Table::TYPE_INT);
        $this->table->column('room', Table::TYPE_STRING, 64);
        $this->table->column('name', Table::TYPE_STRING, 64);
        $this->table->column('seen', Table::TYPE_INT);
        $this->table->create();
    }

    /** False when there is no more room. */
    public function put(string $node, int $fd, string $room, string $name): bool
    {
        return $this->table->set("$node:$fd", ['node' => $node, 'fd' => $fd, 'room' => $room, 'name' => $name, 'seen' => time()]);
    }

    /** @return array{node: string, fd: int, room: string, name: string}|null who it was */
    public function remove(string $node, int $fd): ?array
    {
        $person = $this->table->get("$node:$fd") ?: null;
        $this->table->del("$node:$fd");
        return $person;
    }

    /** @return array{node: string, fd: int, room: string, name: string}|null */
    public function find(string $node, int $fd): ?array
    {
        return $this->table->get("$node:$fd") ?: null;
    }

    /** A number that is larger than all before it: what is read later is at least as new. */
    public function version(): int
    {
        return $this->versions->add();
    }

    /** @return list<array{node: string, fd: int, room: string, name: string}> of this node, in one room or all of them */
    public function allHere(?string $room = null): array
    {
        $all = [];
        foreach ($this->table as $person) {
            if ($person['node'] === $this->node && ($room === null || $person['room'] === $room)) {
                $all[] = $person;
            }
        }
        return $all;
    }

    /** @return list<string> everybody in a room, on all nodes */
    public function names(string $room): array
    {
        $names = [];
        foreach ($this->table as $person) {
            if ($person['room'] === $room) {
                $names[] = $person['name'];
            }
        }
        sort($names);
        return $names;
    }

    /** @return list<string> the rooms that people of silent nodes were in, who are no longer */
    public function forget(): array
    {
        $rooms = [];
        foreach ($this->table as $key => $person) {
            if ($person['node'] !== $this->node && $person['seen'] < time() - self::FORGOTTEN) {
                $this->table->del($key);
                $rooms[] = $person['room'];
            }
        }
        return array_values(array_unique($rooms));
    }
}
