/* What only C can say about the engine: macros, setjmp, and layouts that differ between PHP versions. */
#include "php.h"
#include "zend_gc.h"
#include "zend_exceptions.h"
#include "zend_builtin_functions.h"
#include "zend_closures.h"
#include "main/SAPI.h"
#include "main/php_variables.h"
#include "ext/standard/basic_functions.h"
#include "ext/standard/url.h"
#include "ext/standard/file.h"
#include "ext/json/php_json.h"
#include "version.h"

/* ---- garbage collection ---- */

zend_get_gc_buffer *steelwool_gc_buffer(void) { return zend_get_gc_buffer_create(); }
void steelwool_gc_add(zend_get_gc_buffer *buffer, zval *value) { zend_get_gc_buffer_add_zval(buffer, value); }
void steelwool_gc_use(zend_get_gc_buffer *buffer, zval **table, int *n) { zend_get_gc_buffer_use(buffer, table, n); }

/* ---- the way out of a fatal error ---- */

ZEND_NORETURN void steelwool_bailout(void) { zend_bailout(); }

/* Runs a function; false when a fatal error cut it short. */
bool steelwool_guarded(void (*run)(void *), void *data) {
	volatile bool returned = false;
	zend_try {
		run(data);
		returned = true;
	} zend_end_try();
	return returned;
}

/* The end of the process, now. */
ZEND_NORETURN void steelwool_leave(void) {
	fflush(NULL);
	_exit(EG(exit_status));
}

/* Reports the pending exception as an uncaught one, without leaving. */
void steelwool_report_exception(int severity) { zend_exception_error(EG(exception), severity); }

/* ---- traces ---- */

void steelwool_backtrace(zval *trace, zend_execute_data *frame, int skip, int options, int limit) {
	zend_execute_data *current = EG(current_execute_data);
	EG(current_execute_data) = frame;
	zend_fetch_debug_backtrace(trace, skip, options, limit);
	EG(current_execute_data) = current;
}

zend_string *steelwool_backtrace_text(zend_execute_data *frame, int skip, int options, int limit) {
	zval trace;
	steelwool_backtrace(&trace, frame, skip, options, limit);
	zend_string *text = zend_trace_to_string(Z_ARRVAL(trace), false);
	zval_ptr_dtor(&trace);
	return text;
}

/* Bytes in these pages of a VM stack, of which the newest is given. */
size_t steelwool_vm_usage(void *pages) {
	size_t bytes = 0;
	for (zend_vm_stack page = pages; page; page = page->prev) bytes += (char *) page->end - (char *) page->top;
	return bytes;
}

/* ---- VM interrupts ---- */

/* Rust: the running code was interrupted. */
extern void steelwool_interrupted(void);

static void (*steelwool_previous_interrupt)(zend_execute_data *execute_data);

static void steelwool_interrupt(zend_execute_data *execute_data) {
	if (steelwool_previous_interrupt) steelwool_previous_interrupt(execute_data);
	steelwool_interrupted();
}

void steelwool_hook_interrupt(void) {
	steelwool_previous_interrupt = zend_interrupt_function;
	zend_interrupt_function = steelwool_interrupt;
}

void steelwool_serve_interrupt(void) {
	if (zend_atomic_bool_exchange_ex(&EG(vm_interrupt), false) && zend_interrupt_function) zend_interrupt_function(EG(current_execute_data));
}

bool *steelwool_interrupt_flag(void) { return (bool *) &EG(vm_interrupt); }

/* ---- request input, read by PHP's own functions ---- */

void steelwool_parse_query(const char *text, size_t length, zval *into) {
	php_default_treat_data(PARSE_STRING, estrndup(text, length), into);
}

size_t steelwool_url_decode(char *text, size_t length, bool raw) {
	return raw ? php_raw_url_decode(text, length) : php_url_decode(text, length);
}

zend_long steelwool_max_input_vars(void) { return PG(max_input_vars); }

/* PHP's table of uploaded files: at the end of the script it removes those that are left. */
static void steelwool_uploaded_free(zval *entry) { zend_string_release(Z_PTR_P(entry)); }

void steelwool_uploaded_add(const char *path, size_t length) {
	if (!SG(rfc1867_uploaded_files)) {
		ALLOC_HASHTABLE(SG(rfc1867_uploaded_files));
		zend_hash_init(SG(rfc1867_uploaded_files), 8, NULL, steelwool_uploaded_free, 0);
	}
	zend_string *name = zend_string_init(path, length, 0);
	zend_hash_update_ptr(SG(rfc1867_uploaded_files), name, name);
}

bool steelwool_uploaded_remove(const char *path, size_t length) {
	return SG(rfc1867_uploaded_files) && zend_hash_str_del(SG(rfc1867_uploaded_files), path, length) == SUCCESS;
}

/* ---- arrays in declared properties ---- */

static HashTable *steelwool_own_array(zval *slot) {
	ZVAL_DEREF(slot);
	if (Z_TYPE_P(slot) == IS_ARRAY) {
		SEPARATE_ARRAY(slot);
	} else {
		zval_ptr_dtor(slot);
		array_init(slot);
	}
	return Z_ARRVAL_P(slot);
}

void steelwool_slot_set(zval *slot, const char *key, size_t length, zval *value) {
	zend_symtable_str_update(steelwool_own_array(slot), key, length, value);
}

void steelwool_slot_set_named(zval *slot, zend_string *key, zval *value) {
	zend_symtable_update(steelwool_own_array(slot), key, value);
}

void steelwool_slot_push(zval *slot, zval *value) {
	if (!zend_hash_next_index_insert(steelwool_own_array(slot), value)) zval_ptr_dtor(value);
}

/* ---- the buffer of gethostbyname() ----
 *
 * PHP has one for the whole process and frees it at the next look-up. A coroutine that waits for its look-up takes it along. */

/* Whether `buffer` is PHP's; it is no longer PHP's then. */
bool steelwool_host_buffer_take(void *buffer, size_t *length) {
#ifdef HAVE_GETHOSTBYNAME_R
	if (buffer && FG(tmp_host_buf) == buffer) {
		*length = FG(tmp_host_buf_len);
		FG(tmp_host_buf) = NULL;
		FG(tmp_host_buf_len) = 0;
		return true;
	}
#endif
	return false;
}

/* Gives it back; what another look-up left there meanwhile has been read. */
void steelwool_host_buffer_put(void *buffer, size_t length) {
#ifdef HAVE_GETHOSTBYNAME_R
	free(FG(tmp_host_buf));
	FG(tmp_host_buf) = buffer;
	FG(tmp_host_buf_len) = length;
#endif
}

/* ---- functions that do harm in coroutines ---- */

static struct { zend_internal_function *function; zif_handler handler; } steelwool_disabled[8];
static size_t steelwool_disabled_count;

static ZEND_FUNCTION(steelwool_disabled) {
	zend_error(E_WARNING, "%s() has been disabled for security reasons", get_active_function_name());
}

void steelwool_enable_functions(void) {
	while (steelwool_disabled_count) {
		steelwool_disabled_count--;
		steelwool_disabled[steelwool_disabled_count].function->handler = steelwool_disabled[steelwool_disabled_count].handler;
	}
}

void steelwool_disable_functions(const char *const *names, size_t count) {
	steelwool_enable_functions();
	for (size_t i = 0; i < count && steelwool_disabled_count < sizeof steelwool_disabled / sizeof *steelwool_disabled; i++) {
		zend_function *function = zend_hash_str_find_ptr(CG(function_table), names[i], strlen(names[i]));
		if (function && function->type == ZEND_INTERNAL_FUNCTION) {
			steelwool_disabled[steelwool_disabled_count].function = &function->internal_function;
			steelwool_disabled[steelwool_disabled_count++].handler = function->internal_function.handler;
			function->internal_function.handler = ZEND_FN(steelwool_disabled);
		}
	}
}

/* ---- callables ---- */

/* Resolves a closure without the general machinery; false for any other kind of callable. */
bool steelwool_resolve_closure(zval *value, zend_fcall_info_cache *fcc) {
	if (Z_TYPE_P(value) != IS_OBJECT || Z_OBJCE_P(value) != zend_ce_closure) return false;
	zend_object *object = NULL;
	zend_class_entry *scope = NULL;
	zend_function *function = NULL;
	if (Z_OBJ_HANDLER_P(value, get_closure)(Z_OBJ_P(value), &scope, &function, &object, false) != SUCCESS) return false;
	memset(fcc, 0, sizeof *fcc);
	fcc->function_handler = function;
	fcc->calling_scope = fcc->called_scope = scope;
	fcc->object = object;
	steelwool_note_closure(fcc, Z_OBJ_P(value));
	return true;
}

/* ---- json ---- */

void steelwool_json_decode(zval *result, const char *text, size_t length, zend_long flags, zend_long depth)
{
	if (!(flags & PHP_JSON_THROW_ON_ERROR)) {
		JSON_G(error_code) = PHP_JSON_ERROR_NONE;
	}
	php_json_decode_ex(result, text, length, flags, depth);
}

/* ---- functions of extensions with something around them ---- */

/* Calls `handler`; the text of its warning, which nobody saw, or NULL. It may switch: error handling goes with the coroutine. */
zend_string *steelwool_call_quietly(zif_handler handler, zend_execute_data *frame, zval *result) {
	zend_error_handling before;
	zend_replace_error_handling(EH_THROW, zend_ce_error_exception, &before);
	handler(frame, result);
	zend_restore_error_handling(&before);
	if (!EG(exception) || EG(exception)->ce != zend_ce_error_exception) return NULL;
	zval copy, *text = zend_read_property_ex(zend_ce_error_exception, EG(exception), ZSTR_KNOWN(ZEND_STR_MESSAGE), true, &copy);
	zend_string *message = zval_get_string(text);
	zend_clear_exception();
	return message;
}

/* The text of the pending exception when it is a plain Error or ValueError, else NULL. */
zend_string *steelwool_pending_error(void) {
	zend_object *exception = EG(exception);
	if (!exception || (exception->ce != zend_ce_error && exception->ce != zend_ce_value_error)) return NULL;
	zval copy;
	return zval_get_string(zend_read_property_ex(zend_ce_error, exception, ZSTR_KNOWN(ZEND_STR_MESSAGE), true, &copy));
}

/* ---- resources of proc_open() ---- */

static int steelwool_process, steelwool_coroutine_process;

/* PHP's own end of a process, which knows it by its own type. */
static void steelwool_process_gone(zend_resource *resource) {
	zend_resource own = *resource;
	GC_SET_REFCOUNT(&own, 1);
	own.type = steelwool_process;
	zend_list_close(&own);
}

/* At module start. */
void steelwool_register_process(int module) {
	steelwool_coroutine_process = zend_register_list_destructors_ex(steelwool_process_gone, NULL, "process/coroutine", module);
}

/* What proc_open() returned gets the name that Swoole gives it. */
void steelwool_name_process(zval *value) {
	if (Z_TYPE_P(value) != IS_RESOURCE) return;
	steelwool_process = Z_RES_P(value)->type;
	Z_RES_P(value)->type = steelwool_coroutine_process;
}

/* Takes that name from a value that has it, while a function of PHP looks at it, or gives it back. */
bool steelwool_rename_process(zval *value, bool coroutine) {
	int from = coroutine ? steelwool_process : steelwool_coroutine_process, to = coroutine ? steelwool_coroutine_process : steelwool_process;
	if (Z_TYPE_P(value) != IS_RESOURCE || Z_RES_P(value)->type != from || !steelwool_process) return false;
	Z_RES_P(value)->type = to;
	return true;
}
