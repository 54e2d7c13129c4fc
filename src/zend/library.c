/* The embedded PHP library: compiling a piece of it, and calling its functions. */
#include "php.h"
#include "zend_compile.h"
#include "zend_execute.h"
#include "version.h"

/* While opcache preloads, it keeps what was compiled from files; a preloaded class whose parent is gone afterwards would crash. */
static zend_op_array *steelwool_compile_for_preloading(const char *name, const char *text, size_t length) {
	zend_file_handle file;
	zend_string *path = zend_string_init(name, strlen(name), 0);
	zend_stream_init_filename_ex(&file, path);
	file.opened_path = zend_string_copy(path);
	file.buf = emalloc(length + ZEND_MMAP_AHEAD);
	memcpy(file.buf, text, length);
	memset(file.buf + length, 0, ZEND_MMAP_AHEAD);
	file.len = length;
	zend_op_array *code = zend_compile_file(&file, ZEND_INCLUDE);
	zend_destroy_file_handle(&file);
	zend_string_release(path);
	return code;
}

/* Compiles `text` as the file `name` and runs it, so that what it declares exists afterwards.
 *
 * Functions are declared under their name with a NUL in front: the name itself belongs to the internal function that PHP code
 * sees (steelwool_library_call), and the engine hides such keys and frees what is behind them at the end of the request.
 * The top-level code sees the global symbol table, not the caller's: it has no variables. */
void steelwool_library_load(const char *name, const char *text, size_t length) {
	HashTable declared, *functions = CG(function_table);
	zend_op_array *code = NULL;
	bool failed = false;

	zend_hash_init(&declared, 8, NULL, NULL, 0);
	CG(function_table) = &declared;
	/* A call among them finds the internal function when it runs: the compiler must not take it for a call of PHP code. */
	uint32_t options = CG(compiler_options);
	CG(compiler_options) |= ZEND_COMPILE_IGNORE_USER_FUNCTIONS;
	zend_try {
		if (CG(compiler_options) & ZEND_COMPILE_PRELOAD) {
			code = steelwool_compile_for_preloading(name, text, length);
		} else {
			zend_string *source = zend_string_init(text, length, 0);
			code = zend_compile_string(source, name, ZEND_COMPILE_POSITION_AT_OPEN_TAG);
			zend_string_release(source);
		}
	} zend_catch {
		failed = true;
	} zend_end_try();
	CG(function_table) = functions;
	CG(compiler_options) = options;

	zend_string *key;
	void *function;
	ZEND_HASH_FOREACH_STR_KEY_PTR(&declared, key, function) {
		zend_string *hidden = zend_string_alloc(ZSTR_LEN(key) + 1, 0);
		ZSTR_VAL(hidden)[0] = '\0';
		memcpy(ZSTR_VAL(hidden) + 1, ZSTR_VAL(key), ZSTR_LEN(key) + 1);
		zend_hash_add_ptr(functions, hidden, function);
		zend_string_release(hidden);
	} ZEND_HASH_FOREACH_END();
	zend_hash_destroy(&declared);
	if (failed) zend_bailout();
	if (!code) return;

	zval result;
	zend_execute_data *frame = zend_vm_stack_push_call_frame(ZEND_CALL_TOP_CODE | ZEND_CALL_HAS_SYMBOL_TABLE, (zend_function *) code, 0, NULL);
	frame->symbol_table = &EG(symbol_table);
	frame->prev_execute_data = EG(current_execute_data);
	ZVAL_UNDEF(&result);
	zend_init_code_execute_data(frame, code, &result);
	zend_execute_ex(frame);
	zend_vm_stack_free_call_frame(frame);
	zval_ptr_dtor(&result);
	zend_destroy_static_vars(code);
	destroy_op_array(code);
	efree_size(code, sizeof(zend_op_array));
}

/* The function that the library declares under this key, which starts with NUL. */
zend_function *steelwool_library_function(const char *key, size_t length) {
	return zend_hash_str_find_ptr(EG(function_table), key, length);
}

/* Calls `function` with the arguments of `frame`, in its place: traces and messages show the caller calling it. */
void steelwool_library_call(zend_execute_data *frame, zval *result, zend_function *function) {
	zend_fcall_info call = {0};
	zend_fcall_info_cache cache = {0};
	call.size = sizeof call;
	ZVAL_UNDEF(&call.function_name);
	call.retval = result;
	call.params = ZEND_CALL_ARG(frame, 1);
	call.param_count = ZEND_CALL_NUM_ARGS(frame);
	if (ZEND_CALL_INFO(frame) & ZEND_CALL_HAS_EXTRA_NAMED_PARAMS) call.named_params = frame->extra_named_params;
	cache.function_handler = function;
	if (frame->prev_execute_data) EG(current_execute_data) = frame->prev_execute_data;
	zend_call_function(&call, &cache);
	EG(current_execute_data) = frame;
	if (Z_TYPE_P(result) == IS_UNDEF) ZVAL_NULL(result);
}

typedef void (*steelwool_handler)(INTERNAL_FUNCTION_PARAMETERS);

/* Puts `handler` in front of the internal function of this lower-case name; returns what was there. */
steelwool_handler steelwool_replace_handler(const char *name, size_t length, steelwool_handler handler) {
	zend_function *function = zend_hash_str_find_ptr(CG(function_table), name, length);
	if (!function || function->type != ZEND_INTERNAL_FUNCTION) return NULL;
	steelwool_handler before = function->internal_function.handler;
	function->internal_function.handler = handler;
	steelwool_only_by_handler(&function->internal_function);
	return before;
}

/* The class that class_exists() is asked for, unless PHP will autoload it by itself: that is so with one argument. */
zend_string *steelwool_asked_class(zend_execute_data *frame) {
	if (ZEND_CALL_NUM_ARGS(frame) != 2) return NULL;
	zval *name = ZEND_CALL_ARG(frame, 1);
	ZVAL_DEREF(name);
	return Z_TYPE_P(name) == IS_STRING ? Z_STR_P(name) : NULL;
}

/* Gives a class that the running request declared another name. */
bool steelwool_library_alias(const char *name, size_t length, zend_class_entry *class) {
	return zend_register_class_alias_ex(name, length, class, false) == SUCCESS;
}
