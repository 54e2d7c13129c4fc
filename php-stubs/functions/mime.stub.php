<?php

/**
 * Sets the media type of an ending that has none.
 *
 * @param string $suffix the ending in small letters, without a dot
 * @return bool false when it has one
 */
function swoole_mime_type_add(string $suffix, string $mime_type): bool
{
}

/**
 * Sets the media type of an ending.
 *
 * @param string $suffix the ending in small letters, without a dot
 */
function swoole_mime_type_set(string $suffix, string $mime_type): void
{
}

/**
 * Takes the media type of an ending away.
 *
 * @param string $suffix the ending in small letters, without a dot
 * @return bool false when it has none
 */
function swoole_mime_type_delete(string $suffix): bool
{
}

/**
 * The media type of a file by the ending of its name.
 *
 * @param string $filename the name, or only its ending; it need not exist
 * @return string `application/octet-stream` when the ending is unknown
 */
function swoole_mime_type_get(string $filename): string
{
}

/**
 * Same as {@see swoole_mime_type_get()}.
 *
 * @rust swoole_mime_type_get
 */
function swoole_get_mime_type(string $filename): string
{
}

/** Whether the ending of this file's name is known. */
function swoole_mime_type_exists(string $filename): bool
{
}

/** The media types of all endings that are known, in no order. */
function swoole_mime_type_list(): array
{
}
