<?php

declare(strict_types=1);

namespace Hyperf\HttpServer;

/** A request that is answered with this status. */
final class Refusal extends \RuntimeException
{
    public function __construct(public readonly int $status, string $message)
    {
        parent::__construct($message);
    }
}
