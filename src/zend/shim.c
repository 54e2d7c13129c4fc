/* What only C can say about the engine: macros, setjmp, and layouts that differ between PHP versions. */
#include "php.h"
#include "zend_fibers.h"
#include "zend_observer.h"
#include "zend_gc.h"
#include "zend_exceptions.h"
#include "zend_closures.h"
#include "zend_interfaces.h"
#include "main/php_output.h"

/* ---- callables ---- */

void steelwool_fcc_addref(zend_fcall_info_cache *fcc) {
	if (fcc->object) GC_ADDREF(fcc->object);
	if (fcc->function_handler->common.fn_flags & ZEND_ACC_CLOSURE) GC_ADDREF(ZEND_CLOSURE_OBJECT(fcc->function_handler));
}

void steelwool_fcc_release(zend_fcall_info_cache *fcc) {
	zend_object *closure = (fcc->function_handler->common.fn_flags & ZEND_ACC_CLOSURE) ? ZEND_CLOSURE_OBJECT(fcc->function_handler) : NULL;
	if (fcc->object) OBJ_RELEASE(fcc->object);
	if (closure) OBJ_RELEASE(closure);
}

/* ---- garbage collection ---- */

zend_get_gc_buffer *steelwool_gc_buffer(void) { return zend_get_gc_buffer_create(); }
void steelwool_gc_add(zend_get_gc_buffer *buffer, zval *value) { zend_get_gc_buffer_add_zval(buffer, value); }
void steelwool_gc_use(zend_get_gc_buffer *buffer, zval **table, int *n) { zend_get_gc_buffer_use(buffer, table, n); }
