<?php

declare(strict_types=1);

namespace Swoole;

/**
 * A string with methods. Bytes are counted, not characters, see {@see MultibyteStringObject}.
 *
 * Methods that change something return a new object; only {@see append()} changes this one too.
 */
class StringObject implements \Stringable
{
    public function __construct(protected string $string = '')
    {
    }

    public static function from(string $string = ''): static
    {
        return new static($string);
    }

    public function __toString(): string
    {
        return $this->string;
    }

    public function toString(): string
    {
        return $this->string;
    }

    public function length(): int
    {
        return strlen($this->string);
    }

    /** Where `$needle` first occurs from `$offset` on, false when it does not. */
    public function indexOf(string $needle, int $offset = 0): int|false
    {
        return strpos($this->string, $needle, $offset);
    }

    /** Where `$needle` last occurs, false when it does not; a negative offset ends the search so far before the end. */
    public function lastIndexOf(string $needle, int $offset = 0): int|false
    {
        return strrpos($this->string, $needle, $offset);
    }

    /** The same as {@see indexOf()}. */
    public function pos(string $needle, int $offset = 0): int|false
    {
        return strpos($this->string, $needle, $offset);
    }

    /** The same as {@see lastIndexOf()}. */
    public function rpos(string $needle, int $offset = 0): int|false
    {
        return strrpos($this->string, $needle, $offset);
    }

    /**
     * The same as {@see indexOf()} from the start, whatever the case of ASCII letters.
     *
     * @return int|false
     */
    public function ipos(string $needle)
    {
        return stripos($this->string, $needle);
    }

    public function contains(string $subString): bool
    {
        return str_contains($this->string, $subString);
    }

    public function startsWith(string $needle): bool
    {
        return str_starts_with($this->string, $needle);
    }

    public function endsWith(string $needle): bool
    {
        return str_ends_with($this->string, $needle);
    }

    /**
     * Whether it equals another string.
     *
     * @param mixed $str a string or a string object
     * @param bool $strict compare with `===` instead of `==`, for which "1" equals "1.0"
     */
    public function equals($str, bool $strict = false): bool
    {
        $other = $str instanceof self ? (string) $str : $str;
        return $strict ? $this->string === $other : $this->string == $other;
    }

    /** The byte at this index; empty behind the end. */
    public function char(int $index): string
    {
        return $index > strlen($this->string) ? '' : $this->string[$index];
    }

    public function lower(): static
    {
        return new static(strtolower($this->string));
    }

    public function upper(): static
    {
        return new static(strtoupper($this->string));
    }

    public function reverse(): static
    {
        return new static(strrev($this->string));
    }

    /** @param string $characters what to remove at both ends; white space when empty */
    public function trim(string $characters = ''): static
    {
        return new static($characters ? trim($this->string, $characters) : trim($this->string));
    }

    public function ltrim(): self
    {
        return new static(ltrim($this->string));
    }

    public function rtrim(): self
    {
        return new static(rtrim($this->string));
    }

    /**
     * A part of it.
     *
     * @return static
     */
    public function substr(int $offset, ?int $length = null)
    {
        return new static(substr($this->string, $offset, $length));
    }

    public function repeat(int $times): static
    {
        return new static(str_repeat($this->string, $times));
    }

    /** Adds to the end of this string; returns a copy of the result. */
    public function append(mixed $str): static
    {
        $this->string .= $str;
        return new static($this->string);
    }

    /**
     * Replaces every occurrence of `$search`.
     *
     * @param int $count set to the number of replacements
     */
    public function replace(string $search, string $replace, &$count = null): static
    {
        return new static(str_replace($search, $replace, $this->string, $count));
    }

    /** The parts between delimiters, as `explode()` makes them. */
    public function split(string $delimiter, int $limit = PHP_INT_MAX): ArrayObject
    {
        return static::detectArrayType(explode($delimiter, $this->string, $limit));
    }

    /** Puts `$separator` behind each `$length` bytes, as `chunk_split()` does. */
    public function chunkSplit(int $length = 76, string $separator = "\r\n"): static
    {
        return new static(chunk_split($this->string, $length, $separator));
    }

    /** Pieces of `$length` bytes, as `str_split()` makes them. */
    public function chunk(int $length = 1): ArrayObject
    {
        return static::detectArrayType(str_split($this->string, $length));
    }

    /** Wraps an array; children may choose another class. */
    protected static function detectArrayType(array $value): ArrayObject
    {
        return new ArrayObject($value);
    }
}
