<?php

/**
 * `unserialize()` of a part of a string.
 *
 * @param string $str the string
 * @param int $offset where the part begins; negative ones count from the end
 * @param int $length its length; 0 is up to the end
 * @param array $options as of `unserialize()`
 * @return mixed false when the part is outside of the string or is no serialized value
 */
function swoole_substr_unserialize(string $str, int $offset, int $length = 0, array $options = []): mixed
{
}

/**
 * `json_decode()` of a part of a string.
 *
 * @param string $str the string
 * @param int $offset where the part begins; negative ones count from the end
 * @param int $length its length; 0 is up to the end
 * @param bool $associative whether objects become arrays
 * @param int $depth how deep values may be nested
 * @param int $flags `JSON_*`
 * @return mixed null, with a warning, when the part is outside of the string; null when it is no JSON
 */
function swoole_substr_json_decode(string $str, int $offset, int $length = 0, bool $associative = false, int $depth = 512, int $flags = 0): mixed
{
}

/**
 * A hash of a string.
 *
 * @param int $type 0: the one that PHP uses for keys of arrays; 1: Jenkins' one-at-a-time, 32 bits
 * @return int|false false for another type
 */
function swoole_hashcode(string $data, int $type = 0): int|false
{
}
