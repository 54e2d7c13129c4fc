<?php

declare(strict_types=1);

namespace Notes\Http;

use RuntimeException;

/** An error that the client may see: a status, a sentence, and perhaps one message per field. */
final class HttpError extends RuntimeException
{
    /**
     * @param array<string, string> $fields
     * @param array<string, string> $headers
     */
    public function __construct(
        public readonly int $status,
        string $message,
        public readonly array $fields = [],
        public readonly array $headers = [],
    ) {
        parent::__construct($message);
    }
}
