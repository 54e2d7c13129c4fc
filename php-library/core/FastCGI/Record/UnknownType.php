<?php

declare(strict_types=1);

namespace Swoole\FastCGI\Record;

use Swoole\FastCGI;
use Swoole\FastCGI\Record;

/** The answer to a record whose type the other side does not know. */
class UnknownType extends Record
{
    protected int $type1;

    protected string $reserved1;

    public function __construct(int $type, string $reserved = '')
    {
        $this->type = FastCGI::UNKNOWN_TYPE;
        $this->type1 = $type;
        $this->reserved1 = $reserved;
        $this->setContentData($this->packPayload());
    }

    public function getUnrecognizedType(): int
    {
        return $this->type1;
    }

    /** @param self $self */
    public static function unpackPayload(Record $self, string $binaryData): void
    {
        ['type' => $self->type1, 'reserved' => $self->reserved1] = unpack('Ctype/a7reserved', $binaryData);
    }

    protected function packPayload(): string
    {
        return pack('Ca7', $this->type1, $this->reserved1);
    }
}
