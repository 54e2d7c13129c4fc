<?php

declare(strict_types=1);

namespace Swoole\FastCGI;

use Swoole\FastCGI;

/** One record of the FastCGI protocol: a header, content, and padding to a multiple of eight bytes. */
class Record implements \Stringable
{
    protected int $version = FastCGI::VERSION_1;

    protected int $type = FastCGI::UNKNOWN_TYPE;

    protected int $requestId = FastCGI::DEFAULT_REQUEST_ID;

    protected int $reserved = 0;

    private int $contentLength = 0;

    private int $paddingLength = 0;

    private string $contentData = '';

    /** The record as it is sent. */
    final public function __toString(): string
    {
        return pack(
            'CCnnCC',
            $this->version,
            $this->type,
            $this->requestId,
            $this->contentLength,
            $this->paddingLength,
            $this->reserved,
        ) . $this->packPayload() . str_repeat("\0", $this->paddingLength);
    }

    /**
     * Reads a record.
     *
     * @throws \RuntimeException when there are fewer bytes than a header has
     */
    final public static function unpack(string $binaryData): static
    {
        if (strlen($binaryData) < FastCGI::HEADER_LEN) {
            throw new \RuntimeException('Can not unpack data from the binary buffer');
        }
        $record = (new \ReflectionClass(static::class))->newInstanceWithoutConstructor();
        foreach (unpack(FastCGI::HEADER_FORMAT, $binaryData) as $field => $value) {
            $record->$field = $value;
        }
        $content = substr($binaryData, FastCGI::HEADER_LEN, $record->contentLength);
        $record->contentData = $content;
        if ($content !== '') {
            static::unpackPayload($record, $content);
        }
        return $record;
    }

    /** Sets the content; what goes beyond {@see FastCGI::MAX_CONTENT_LENGTH} is cut off. */
    public function setContentData(string $data): self
    {
        $this->contentData = substr($data, 0, FastCGI::MAX_CONTENT_LENGTH);
        $this->contentLength = strlen($this->contentData);
        $this->paddingLength = -$this->contentLength & 7;
        return $this;
    }

    public function getContentData(): string
    {
        return $this->contentData;
    }

    public function getVersion(): int
    {
        return $this->version;
    }

    public function getType(): int
    {
        return $this->type;
    }

    public function getRequestId(): int
    {
        return $this->requestId;
    }

    public function setRequestId(int $requestId): self
    {
        $this->requestId = $requestId;
        return $this;
    }

    final public function getContentLength(): int
    {
        return $this->contentLength;
    }

    final public function getPaddingLength(): int
    {
        return $this->paddingLength;
    }

    /** Takes a record's own fields from its content. */
    protected static function unpackPayload(self $self, string $binaryData): void
    {
    }

    /** The content as it is sent. */
    protected function packPayload(): string
    {
        return $this->contentData;
    }
}
