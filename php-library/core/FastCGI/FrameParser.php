<?php

declare(strict_types=1);

namespace Swoole\FastCGI;

use Swoole\FastCGI;

/** Takes records from received bytes. */
class FrameParser
{
    /** @var array<int, class-string<Record>> */
    protected static array $classMapping = [
        FastCGI::BEGIN_REQUEST => Record\BeginRequest::class,
        FastCGI::ABORT_REQUEST => Record\AbortRequest::class,
        FastCGI::END_REQUEST => Record\EndRequest::class,
        FastCGI::PARAMS => Record\Params::class,
        FastCGI::STDIN => Record\Stdin::class,
        FastCGI::STDOUT => Record\Stdout::class,
        FastCGI::STDERR => Record\Stderr::class,
        FastCGI::DATA => Record\Data::class,
        FastCGI::GET_VALUES => Record\GetValues::class,
        FastCGI::GET_VALUES_RESULT => Record\GetValuesResult::class,
        FastCGI::UNKNOWN_TYPE => Record\UnknownType::class,
    ];

    /** Whether the buffer begins with a whole record. */
    public static function hasFrame(string $binaryBuffer): bool
    {
        return strlen($binaryBuffer) >= FastCGI::HEADER_LEN && strlen($binaryBuffer) >= self::frameLength($binaryBuffer);
    }

    /**
     * Takes the first record out of the buffer.
     *
     * @throws \RuntimeException when the buffer has not even a header
     * @throws \DomainException when its type is unknown
     */
    public static function parseFrame(string &$binaryBuffer): Record
    {
        if (strlen($binaryBuffer) < FastCGI::HEADER_LEN) {
            throw new \RuntimeException('Not enough data in the buffer to parse');
        }
        $type = ord($binaryBuffer[1]);
        if (!isset(self::$classMapping[$type])) {
            throw new \DomainException("Invalid FastCGI record type $type received");
        }
        $record = self::$classMapping[$type]::unpack($binaryBuffer);
        $binaryBuffer = substr($binaryBuffer, self::frameLength($binaryBuffer));
        return $record;
    }

    private static function frameLength(string $buffer): int
    {
        ['contentLength' => $content, 'paddingLength' => $padding] = unpack(FastCGI::HEADER_FORMAT, $buffer);
        return FastCGI::HEADER_LEN + $content + $padding;
    }
}
