<?php

declare(strict_types=1);

namespace Ody;

/** Writes down every request, in the database, after it has been answered. */
final class Journal extends Middleware
{
    private bool $ready = false;

    public function __construct(private readonly Database $database)
    {
    }

    public function handle(Request $request, \Closure $next): Response
    {
        return $next($request);
    }

    public function terminate(Request $request, Response $response): void
    {
        try {
            $this->prepare();
            $line = Context::get('request id') . " $request->method $request->path $response->status";
            $this->database->query('INSERT INTO ody_journal (line) VALUES (?)', [$line]);
        } catch (\RuntimeException $e) {
            // The client has its answer: nobody but the log can be told.
            fwrite(STDERR, "not written down: {$e->getMessage()}\n");
        }
    }

    /** @return list<string> the requests whose work is all done */
    public function lines(): array
    {
        $this->prepare();
        return array_column($this->database->query('SELECT line FROM ody_journal ORDER BY id'), 'line');
    }

    private function prepare(): void
    {
        if (!$this->ready) {
            $this->database->query('CREATE TABLE IF NOT EXISTS ody_journal (id INT AUTO_INCREMENT PRIMARY KEY, line TEXT NOT NULL)');
            $this->ready = true;
        }
    }
}
