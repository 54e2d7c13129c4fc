/* What PHP versions spell differently: all of it that concerns C is here and in version.c, what concerns Rust in version.rs. */
#ifndef STEELWOOL_VERSION_H
#define STEELWOOL_VERSION_H
#include "php.h"

/* From 8.3 on a resolved callable names its closure. */
static zend_always_inline void steelwool_note_closure(zend_fcall_info_cache *cache, zend_object *closure) {
#if PHP_VERSION_ID >= 80300
	cache->closure = closure;
#else
	(void) cache;
	(void) closure;
#endif
}

/* From 8.4 on compiled code may call what is behind an internal function directly, past its handler: not any more. */
static zend_always_inline void steelwool_only_by_handler(zend_internal_function *function) {
#if PHP_VERSION_ID >= 80400
	function->frameless_function_infos = NULL;
#else
	(void) function;
#endif
}

#endif
