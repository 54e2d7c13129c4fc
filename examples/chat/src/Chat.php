<?php

declare(strict_types=1);

namespace Chat;

use Swoole\Timer;
use Swoole\WebSocket\Server;

/** What is said, and to whom. Any worker can push to any connection of its server, whichever worker hears that client's messages. */
final class Chat
{
    private const LONGEST_NAME = 32;
    private const LONGEST_TEXT = 2000;

    public function __construct(private readonly Server $server, private readonly People $people, private readonly ?Nodes $nodes)
    {
    }

    /** What one worker does for all of them. */
    public function start(): void
    {
        // browsers answer pings by themselves: whoever does not is gone
        Timer::tick(30_000, function (): void {
            foreach ($this->people->allHere() as $person) {
                $this->server->isEstablished($person['fd']) && $this->server->ping($person['fd']);
            }
        });
        if ($this->nodes === null) {
            return;
        }
        $this->nodes->listen($this->hearNode(...), function (): void {
            $this->nodes->tell('hello');
            $this->introduceAll();
        });
        Timer::tick(5_000, function (): void {
            $this->introduceAll();
            array_map($this->announce(...), $this->people->forget());
        });
    }

    /** The worker ends; connections stay, and the table too. */
    public function stop(): void
    {
        Timer::clearAll();
        $this->nodes?->stop();
    }

    /** A client's message. */
    public function hear(int $fd, string $data): void
    {
        $message = json_decode($data, true);
        $text = static fn (string $key): string => is_string($message[$key] ?? null) ? trim($message[$key]) : '';
        match ($message['type'] ?? null) {
            'join' => $this->join($fd, mb_substr($text('room'), 0, self::LONGEST_NAME / 2), mb_substr($text('name'), 0, self::LONGEST_NAME / 2)),
            'say' => $this->say($fd, mb_substr($text('text'), 0, self::LONGEST_TEXT)),
            'leave' => $this->leave($fd),
            default => $this->tell($fd, ['type' => 'error', 'text' => 'what do you mean?']),
        };
    }

    private function join(int $fd, string $room, string $name): void
    {
        if ($room === '' || $name === '') {
            $this->tell($fd, ['type' => 'error', 'text' => 'a room and a name, please']);
            return;
        }
        $this->leave($fd);
        if (!$this->people->put($this->people->node, $fd, $room, $name)) {
            $this->tell($fd, ['type' => 'error', 'text' => 'it is full']);
            return;
        }
        $this->tell($fd, ['type' => 'joined', 'room' => $room, 'name' => $name]);
        $this->announce($room);
        $this->nodes?->tell('here', ['people' => [[$fd, $room, $name]]]);
    }

    /** A client leaves its room, or has gone. */
    public function leave(int $fd): void
    {
        $person = $this->people->remove($this->people->node, $fd);
        if ($person !== null) {
            $this->announce($person['room']);
            $this->nodes?->tell('gone', ['fd' => $fd]);
        }
    }

    private function say(int $fd, string $text): void
    {
        $person = $this->people->find($this->people->node, $fd);
        if ($person === null) {
            $this->tell($fd, ['type' => 'error', 'text' => 'join a room first']);
        } elseif ($text !== '') {
            $this->spread($person['room'], $person['name'], $text);
            $this->nodes?->tell('said', ['room' => $person['room'], 'name' => $person['name'], 'text' => $text]);
        }
    }

    private function spread(string $room, string $name, string $text): void
    {
        $this->tellRoom($room, ['type' => 'message', 'from' => $name, 'text' => $text, 'at' => time()]);
    }

    /** Tells a room who is in it. Of what two workers tell at a time, clients believe the later version. */
    private function announce(string $room): void
    {
        $version = $this->people->version();
        $this->tellRoom($room, ['type' => 'people', 'version' => $version, 'people' => $this->people->names($room)]);
    }

    private function introduceAll(): void
    {
        foreach (array_chunk($this->people->allHere(), 100) as $some) {
            $this->nodes->tell('here', ['people' => array_map(static fn (array $person) => [$person['fd'], $person['room'], $person['name']], $some)]);
        }
    }

    /** @param array<string, mixed> $event what another node says */
    private function hearNode(array $event): void
    {
        switch ($event['what']) {
            case 'hello':
                $this->introduceAll();
                break;
            case 'said':
                $this->spread($event['room'], $event['name'], $event['text']);
                break;
            case 'here':
                foreach ($event['people'] as [$fd, $room, $name]) {
                    $before = $this->people->find($event['node'], $fd);
                    $this->people->put($event['node'], $fd, $room, $name);
                    if ($before === null || $before['room'] !== $room || $before['name'] !== $name) {
                        $this->announce($room);
                        $before === null || $this->announce($before['room']);
                    }
                }
                break;
            case 'gone':
                $before = $this->people->remove($event['node'], $event['fd']);
                $before === null || $this->announce($before['room']);
                break;
        }
    }

    /** @param array<string, mixed> $message */
    private function tellRoom(string $room, array $message): void
    {
        $json = json_encode($message, JSON_INVALID_UTF8_SUBSTITUTE | JSON_UNESCAPED_UNICODE);
        foreach ($this->people->allHere($room) as $person) {
            // whoever has gone meanwhile is about to be taken out
            $this->server->isEstablished($person['fd']) && $this->server->push($person['fd'], $json);
        }
    }

    /** @param array<string, mixed> $message */
    private function tell(int $fd, array $message): void
    {
        $this->server->isEstablished($fd) && $this->server->push($fd, json_encode($message, JSON_INVALID_UTF8_SUBSTITUTE));
    }
}
