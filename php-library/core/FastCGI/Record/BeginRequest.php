<?php

declare(strict_types=1);

namespace Swoole\FastCGI\Record;

use Swoole\FastCGI;
use Swoole\FastCGI\Record;

/** Begins a request. */
class BeginRequest extends Record
{
    protected int $role = FastCGI::UNKNOWN_ROLE;

    protected int $flags;

    protected string $reserved1;

    /**
     * @param int $role `FastCGI::RESPONDER`, `AUTHORIZER` or `FILTER`
     * @param int $flags `FastCGI::KEEP_CONN` or 0
     */
    public function __construct(int $role = FastCGI::UNKNOWN_ROLE, int $flags = 0, string $reserved = '')
    {
        $this->type = FastCGI::BEGIN_REQUEST;
        $this->role = $role;
        $this->flags = $flags;
        $this->reserved1 = $reserved;
        $this->setContentData($this->packPayload());
    }

    public function getRole(): int
    {
        return $this->role;
    }

    public function getFlags(): int
    {
        return $this->flags;
    }

    /** @param self $self */
    protected static function unpackPayload(Record $self, string $binaryData): void
    {
        ['role' => $self->role, 'flags' => $self->flags, 'reserved' => $self->reserved1] = unpack('nrole/Cflags/a5reserved', $binaryData);
    }

    protected function packPayload(): string
    {
        return pack('nCa5', $this->role, $this->flags, $this->reserved1);
    }
}
