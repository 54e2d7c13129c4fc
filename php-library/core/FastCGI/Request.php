<?php

declare(strict_types=1);

namespace Swoole\FastCGI;

use Swoole\FastCGI;
use Swoole\FastCGI\Record\BeginRequest;
use Swoole\FastCGI\Record\Params;
use Swoole\FastCGI\Record\Stdin;

/** A request to a FastCGI application in the role of a responder. */
class Request extends Message implements \Stringable
{
    protected bool $keepConn = false;

    /** The request as it is sent. */
    public function __toString(): string
    {
        $bytes = (string) new BeginRequest(FastCGI::RESPONDER, $this->keepConn ? FastCGI::KEEP_CONN : 0);
        $params = new Params($this->getParams());
        if ($this->getParams() === [] || $params->getContentLength() < FastCGI::MAX_CONTENT_LENGTH) {
            $bytes .= $params;
        } else {
            $bytes .= implode('', array_map(static fn (array $pairs): string => (string) new Params($pairs), $this->paramsInRecords()));
        }
        $bytes .= new Params([]);
        if ($this->body === '') {
            return $bytes;
        }
        foreach (str_split($this->body, FastCGI::MAX_CONTENT_LENGTH) as $piece) {
            $bytes .= new Stdin($piece);
        }
        return $bytes . new Stdin('');
    }

    /** Whether the connection stays open after the answer. */
    public function getKeepConn(): bool
    {
        return $this->keepConn;
    }

    public function withKeepConn(bool $keepConn): self
    {
        $this->keepConn = $keepConn;
        return $this;
    }

    /** @return list<array<string, string>> the parameters in groups that fit into a record each */
    private function paramsInRecords(): array
    {
        $groups = [[]];
        $left = FastCGI::MAX_CONTENT_LENGTH;
        foreach ($this->getParams() as $name => $value) {
            $length = strlen((string) $name) + strlen($value) + 8;
            if ($length > $left && end($groups) !== []) {
                $groups[] = [];
                $left = FastCGI::MAX_CONTENT_LENGTH;
            }
            $groups[array_key_last($groups)][$name] = $value;
            $left -= $length;
        }
        return $groups;
    }
}
