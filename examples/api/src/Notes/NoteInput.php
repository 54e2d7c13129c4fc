<?php

declare(strict_types=1);

namespace Notes\Notes;

use Notes\Http\HttpError;

/** What a client may say about a note, checked. */
final readonly class NoteInput
{
    private const MAX_TITLE = 120;
    private const MAX_TEXT = 10_000;

    private function __construct(public string $title, public string $text)
    {
    }

    /**
     * @param array<string, mixed> $data
     * @throws HttpError 422 with one message per field
     */
    public static function check(array $data): self
    {
        $errors = [];
        $title = $data['title'] ?? null;
        if (!is_string($title) || trim($title) === '') {
            $errors['title'] = 'is required, as a text';
        } elseif (iconv_strlen($title, 'UTF-8') > self::MAX_TITLE) {
            $errors['title'] = 'may have ' . self::MAX_TITLE . ' characters';
        }
        $text = $data['text'] ?? '';
        if (!is_string($text)) {
            $errors['text'] = 'must be a text';
        } elseif (iconv_strlen($text, 'UTF-8') > self::MAX_TEXT) {
            $errors['text'] = 'may have ' . self::MAX_TEXT . ' characters';
        }
        foreach (array_diff(array_keys($data), ['title', 'text']) as $unknown) {
            $errors[$unknown] = 'is not known';
        }
        if ($errors !== []) {
            throw new HttpError(422, 'the note is not valid', $errors);
        }
        return new self(trim($title), $text);
    }
}
