<?php

declare(strict_types=1);

namespace Swoole\FastCGI\Record;

use Swoole\FastCGI;
use Swoole\FastCGI\Record;

/** Ends the answer to a request. */
class EndRequest extends Record
{
    protected int $appStatus = 0;

    protected int $protocolStatus = FastCGI::REQUEST_COMPLETE;

    protected string $reserved1;

    /**
     * @param int $protocolStatus `FastCGI::REQUEST_COMPLETE`, or why the request was refused
     * @param int $appStatus the application's exit status
     */
    public function __construct(int $protocolStatus = FastCGI::REQUEST_COMPLETE, int $appStatus = 0, string $reserved = '')
    {
        $this->type = FastCGI::END_REQUEST;
        $this->protocolStatus = $protocolStatus;
        $this->appStatus = $appStatus;
        $this->reserved1 = $reserved;
        $this->setContentData($this->packPayload());
    }

    public function getAppStatus(): int
    {
        return $this->appStatus;
    }

    public function getProtocolStatus(): int
    {
        return $this->protocolStatus;
    }

    /** @param self $self */
    protected static function unpackPayload(Record $self, string $binaryData): void
    {
        ['app' => $self->appStatus, 'protocol' => $self->protocolStatus, 'reserved' => $self->reserved1]
            = unpack('Napp/Cprotocol/a3reserved', $binaryData);
    }

    protected function packPayload(): string
    {
        return pack('NCa3', $this->appStatus, $this->protocolStatus, $this->reserved1);
    }
}
