<?php

declare(strict_types=1);

namespace Notes\Notes;

use Notes\Http\HttpError;
use Notes\Http\Reply;
use Notes\Http\Request;
use Notes\Http\Router;
use Notes\Storage\NoteRepository;

/** Create, read, update and delete. */
final readonly class NoteController
{
    private const PAGE = 50;

    public function __construct(private NoteRepository $notes)
    {
    }

    public function register(Router $router): void
    {
        $router->add('GET', '/notes', $this->list(...));
        $router->add('POST', '/notes', $this->create(...));
        $router->add('GET', '/notes/{id}', $this->show(...));
        $router->add('PUT', '/notes/{id}', $this->replace(...));
        $router->add('DELETE', '/notes/{id}', $this->delete(...));
    }

    /** GET /notes?after=ID&limit=N: in the order of their ids. */
    private function list(Request $request): Reply
    {
        $after = self::number($request->query['after'] ?? '0', 'after', 0, PHP_INT_MAX);
        $limit = self::number($request->query['limit'] ?? (string) self::PAGE, 'limit', 1, self::PAGE);
        return Reply::json(['notes' => $this->notes->list($after, $limit)]);
    }

    private function create(Request $request): Reply
    {
        $note = $this->notes->add(NoteInput::check($request->json()));
        return Reply::json($note, 201, ['Location' => "/notes/{$note->id}"]);
    }

    private function show(Request $request): Reply
    {
        return Reply::json($this->notes->find(self::id($request)) ?? throw self::unknown());
    }

    private function replace(Request $request): Reply
    {
        $id = self::id($request);
        return Reply::json($this->notes->replace($id, NoteInput::check($request->json())) ?? throw self::unknown());
    }

    private function delete(Request $request): Reply
    {
        return $this->notes->remove(self::id($request)) ? new Reply(204) : throw self::unknown();
    }

    private static function id(Request $request): int
    {
        $id = $request->parameters['id'];
        return preg_match('/^[1-9]\d{0,17}$/D', $id) ? (int) $id : throw self::unknown();
    }

    private static function number(mixed $value, string $name, int $least, int $most): int
    {
        $options = ['options' => ['min_range' => $least, 'max_range' => $most]];
        $number = is_string($value) ? filter_var($value, FILTER_VALIDATE_INT, $options) : false;
        return $number === false ? throw new HttpError(400, "$name must be a number from $least to $most") : $number;
    }

    private static function unknown(): HttpError
    {
        return new HttpError(404, 'there is no such note');
    }
}
