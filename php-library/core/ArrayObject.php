<?php

declare(strict_types=1);

namespace Swoole;

use Swoole\Exception\ArrayKeyNotExists;

/**
 * An array with methods.
 *
 * Sorting, adding and removing change this object and return it; what derives another array returns a new object. What single
 * elements return is wrapped: a string becomes a {@see StringObject}, an array an object of this class.
 */
class ArrayObject implements \ArrayAccess, \Serializable, \Countable, \Iterator
{
    /** @var array */
    protected $array;

    public function __construct(array $array = [])
    {
        $this->array = $array;
    }

    public static function from(array $array = []): static
    {
        return new static($array);
    }

    public function __toArray(): array
    {
        return $this->array;
    }

    public function toArray(): array
    {
        return $this->array;
    }

    public function __serialize(): array
    {
        return $this->array;
    }

    public function __unserialize(array $data): void
    {
        $this->array = $data;
    }

    /** The array as `serialize()` writes it. */
    public function serialize(): string
    {
        return serialize($this->array);
    }

    /** Takes over an array that {@see serialize()} wrote; anything else becomes an array of one element. */
    public function unserialize(\Stringable|StringObject|string $string): self
    {
        $this->array = (array) unserialize((string) $string);
        return $this;
    }

    public function isEmpty(): bool
    {
        return $this->array === [];
    }

    public function count(): int
    {
        return count($this->array);
    }

    /** @return mixed */
    #[\ReturnTypeWillChange]
    public function current()
    {
        return current($this->array);
    }

    /** @return int|string|null */
    #[\ReturnTypeWillChange]
    public function key()
    {
        return key($this->array);
    }

    public function valid(): bool
    {
        return key($this->array) !== null;
    }

    /** @return mixed the first element, false when there is none */
    #[\ReturnTypeWillChange]
    public function rewind()
    {
        return reset($this->array);
    }

    /** @return mixed the next element, false behind the last */
    #[\ReturnTypeWillChange]
    public function next()
    {
        return next($this->array);
    }

    /**
     * The element of this key, wrapped.
     *
     * @return ArrayObject|StringObject|mixed
     * @throws ArrayKeyNotExists
     */
    public function get(mixed $key)
    {
        return $this->exists($key) ? static::detectType($this->array[$key]) : throw new ArrayKeyNotExists((string) $key);
    }

    /**
     * The element of this key, wrapped, or else the default as it is.
     *
     * @return ArrayObject|StringObject|mixed
     */
    public function getOr(mixed $key, mixed $default = null)
    {
        return $this->exists($key) ? static::detectType($this->array[$key]) : $default;
    }

    /** @return ArrayObject|StringObject|mixed the first element, wrapped; null when there is none */
    public function first()
    {
        return $this->getOr(array_key_first($this->array) ?? '');
    }

    /** @return ArrayObject|StringObject|mixed the last element, wrapped; null when there is none */
    public function last()
    {
        return $this->getOr(array_key_last($this->array) ?? '');
    }

    /** @return int|string|null */
    public function firstKey()
    {
        return array_key_first($this->array);
    }

    /** @return int|string|null */
    public function lastKey()
    {
        return array_key_last($this->array);
    }

    /** @return ArrayObject|StringObject|mixed any element, wrapped */
    public function randomGet()
    {
        return static::detectType($this->array[array_rand($this->array)]);
    }

    public function set(mixed $key, mixed $value): self
    {
        $this->array[$key] = $value;
        return $this;
    }

    public function delete(mixed $key): self
    {
        unset($this->array[$key]);
        return $this;
    }

    /** Removes the first element of this value, with `$loop` every one. */
    public function remove(mixed $value, bool $strict = true, bool $loop = false): self
    {
        foreach (array_keys($this->array, $value, $strict) as $key) {
            unset($this->array[$key]);
            if (!$loop) {
                break;
            }
        }
        return $this;
    }

    public function clear(): self
    {
        $this->array = [];
        return $this;
    }

    /** @return mixed the element as it is, null when there is none */
    #[\ReturnTypeWillChange]
    public function offsetGet(mixed $key)
    {
        return $this->array[$key] ?? null;
    }

    /** Sets an element; unlike an array, `$object[] = $value` sets the key "". */
    public function offsetSet(mixed $key, mixed $value): void
    {
        $this->array[$key ?? ''] = $value;
    }

    public function offsetUnset(mixed $key): void
    {
        unset($this->array[$key]);
    }

    /** @return bool false for an element that is null, too */
    #[\ReturnTypeWillChange]
    public function offsetExists(mixed $key)
    {
        return isset($this->array[$key]);
    }

    /** Whether there is such a key. */
    public function exists(mixed $key): bool
    {
        return array_key_exists($key, $this->array);
    }

    /** Whether there is such a value. */
    public function contains(mixed $value, bool $strict = true): bool
    {
        return in_array($value, $this->array, $strict);
    }

    /** @return int|string|false the first key of this value */
    public function search(mixed $needle, bool $strict = true)
    {
        return array_search($needle, $this->array, $strict);
    }

    /** @return int|string|false the same as {@see search()} */
    public function indexOf(mixed $value, bool $strict = true)
    {
        return $this->search($value, $strict);
    }

    /** @return int|string|null the last key of this value */
    public function lastIndexOf(mixed $value, bool $strict = true)
    {
        $keys = array_keys($this->array, $value, $strict);
        return $keys === [] ? null : end($keys);
    }

    public function join(string $glue = ''): StringObject
    {
        return self::detectStringType(implode($glue, $this->array));
    }

    /** @return int|float */
    public function sum()
    {
        return array_sum($this->array);
    }

    /** @return int|float */
    public function product()
    {
        return array_product($this->array);
    }

    /** @return int the new number of elements */
    public function push(mixed $value)
    {
        return $this->pushBack($value);
    }

    /** @return int the new number of elements */
    public function pushBack(mixed $value)
    {
        return array_push($this->array, $value);
    }

    /** @return int the new number of elements */
    public function pushFront(mixed $value)
    {
        return array_unshift($this->array, $value);
    }

    public function append(...$values): ArrayObject
    {
        array_push($this->array, ...$values);
        return $this;
    }

    /** Inserts an element before the one at `$offset`, which counts elements, not keys. */
    public function insert(int $offset, mixed $value): self
    {
        array_splice($this->array, $offset, 0, [$value]);
        return $this;
    }

    /** @return mixed the element that was last, removed; null when there is none */
    public function pop()
    {
        return $this->popBack();
    }

    /** @return mixed the same as {@see pop()} */
    public function popBack()
    {
        return array_pop($this->array);
    }

    /** @return mixed the element that was first, removed; null when there is none */
    public function popFront()
    {
        return array_shift($this->array);
    }

    public function slice(int $offset, ?int $length = null, bool $preserve_keys = false): static
    {
        return new static(array_slice($this->array, $offset, $length, $preserve_keys));
    }

    /** Calls `$fn(&$value, $key)` for each element. */
    public function each(callable $fn): self
    {
        array_walk($this->array, $fn);
        return $this;
    }

    /** What `$fn` makes of each element; further arrays are walked along with it. */
    public function map(callable $fn, ...$args): static
    {
        return new static(array_map($fn, $this->array, ...$args));
    }

    /** @return mixed what `$fn($carry, $value)` returned last */
    public function reduce(callable $fn, $initial = null)
    {
        return array_reduce($this->array, $fn, $initial);
    }

    /** The elements for which `$fn` is true; `$flag` as in `array_filter()`. */
    public function filter(callable $fn, int $flag = 0): static
    {
        return new static(array_filter($this->array, $fn, $flag));
    }

    /** The keys; of one value only when it is passed, see `array_keys()`. */
    public function keys(...$args): static
    {
        return new static(array_keys($this->array, ...$args));
    }

    public function values(): static
    {
        return new static(array_values($this->array));
    }

    public function column(mixed $column_key, mixed $index = null): static
    {
        return new static(array_column($this->array, $column_key, $index));
    }

    public function unique(int $sort_flags = SORT_STRING): static
    {
        return new static(array_unique($this->array, $sort_flags));
    }

    public function reverse(bool $preserve_keys = false): static
    {
        return new static(array_reverse($this->array, $preserve_keys));
    }

    public function chunk(int $size, bool $preserve_keys = false): static
    {
        return new static(array_chunk($this->array, $size, $preserve_keys));
    }

    /** Keys become values and values keys. */
    public function flip(): static
    {
        return new static(array_flip($this->array));
    }

    public function asort(int $sort_flags = SORT_REGULAR): self
    {
        asort($this->array, $sort_flags);
        return $this;
    }

    public function arsort(int $sort_flags = SORT_REGULAR): self
    {
        arsort($this->array, $sort_flags);
        return $this;
    }

    public function krsort(int $sort_flags = SORT_REGULAR): self
    {
        krsort($this->array, $sort_flags);
        return $this;
    }

    public function ksort(int $sort_flags = SORT_REGULAR): self
    {
        ksort($this->array, $sort_flags);
        return $this;
    }

    public function natcasesort(): self
    {
        natcasesort($this->array);
        return $this;
    }

    public function natsort(): self
    {
        natsort($this->array);
        return $this;
    }

    public function rsort(int $sort_flags = SORT_REGULAR): self
    {
        rsort($this->array, $sort_flags);
        return $this;
    }

    public function shuffle(): self
    {
        shuffle($this->array);
        return $this;
    }

    public function sort(int $sort_flags = SORT_REGULAR): self
    {
        sort($this->array, $sort_flags);
        return $this;
    }

    public function uasort(callable $value_compare_func): self
    {
        uasort($this->array, $value_compare_func);
        return $this;
    }

    public function uksort(callable $value_compare_func): self
    {
        uksort($this->array, $value_compare_func);
        return $this;
    }

    public function usort(callable $value_compare_func): self
    {
        usort($this->array, $value_compare_func);
        return $this;
    }

    /** @return ArrayObject|StringObject|mixed the value, wrapped if it is a string or an array */
    protected static function detectType(mixed $value)
    {
        return match (true) {
            is_string($value) => static::detectStringType($value),
            is_array($value) => static::detectArrayType($value),
            default => $value,
        };
    }

    /** Wraps a string; children may choose another class. */
    protected static function detectStringType(string $value): StringObject
    {
        return new StringObject($value);
    }

    /** Wraps an array; children may choose another class. */
    protected static function detectArrayType(array $value): static
    {
        return new static($value);
    }
}
