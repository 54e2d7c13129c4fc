<?php

declare(strict_types=1);

/** Holds the options of the library, see {@see swoole_library_set_option()}. */
class SwooleLibrary
{
    /** @var array<string, mixed> */
    public static array $options = [];
}
