<?php

declare(strict_types=1);

namespace Swoole\FastCGI;

use Swoole\FastCGI\Record\EndRequest;
use Swoole\FastCGI\Record\Stderr;
use Swoole\FastCGI\Record\Stdout;

/** The answer of a FastCGI application. */
class Response extends Message
{
    /**
     * @param list<Record> $records up to the one that ends the answer
     * @throws \InvalidArgumentException when that is missing
     */
    public function __construct(array $records)
    {
        if (!static::verify($records)) {
            throw new \InvalidArgumentException('Bad records');
        }
        foreach ($records as $record) {
            if ($record instanceof Stdout) {
                $this->body .= $record->getContentData();
            } elseif ($record instanceof Stderr) {
                $this->error .= $record->getContentData();
            }
        }
    }

    /** Whether the records are a whole answer. */
    protected static function verify(array $records): bool
    {
        return end($records) instanceof EndRequest;
    }
}
