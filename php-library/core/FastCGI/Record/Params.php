<?php

declare(strict_types=1);

namespace Swoole\FastCGI\Record;

use Swoole\FastCGI;
use Swoole\FastCGI\Record;

/** Names and values: the CGI environment of a request. An empty one ends them. */
class Params extends Record
{
    /** @var array<string, string> */
    protected array $values = [];

    /** @param array<string, string> $values */
    public function __construct(array $values)
    {
        $this->type = FastCGI::PARAMS;
        $this->values = $values;
        $this->setContentData($this->packPayload());
    }

    /** @return array<string, string> */
    public function getValues(): array
    {
        return $this->values;
    }

    /** @param self $self */
    protected static function unpackPayload(Record $self, string $binaryData): void
    {
        for ($at = 0; $at < strlen($binaryData);) {
            $name = self::length($binaryData, $at);
            $value = self::length($binaryData, $at);
            $self->values[substr($binaryData, $at, $name)] = substr($binaryData, $at + $name, $value);
            $at += $name + $value;
        }
    }

    protected function packPayload(): string
    {
        $payload = '';
        foreach ($this->values as $name => $value) {
            $name = (string) $name;
            $value = (string) $value;
            foreach ([strlen($name), strlen($value)] as $length) {
                $payload .= $length < 128 ? chr($length) : pack('N', $length | 0x80000000);
            }
            $payload .= $name . $value;
        }
        return $payload;
    }

    /** Reads a length, of one byte or of four, and moves behind it. */
    private static function length(string $data, int &$at): int
    {
        $length = ord($data[$at] ?? "\0");
        if ($length < 128) {
            $at++;
        } else {
            $length = unpack('N', str_pad(substr($data, $at, 4), 4, "\0"))[1] & 0x7fffffff;
            $at += 4;
        }
        return $length;
    }
}
