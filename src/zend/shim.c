/* What only C can say about the engine: macros, setjmp, and layouts that differ between PHP versions. */
#include "php.h"
#include "zend_fibers.h"
#include "zend_observer.h"
#include "zend_gc.h"
#include "zend_exceptions.h"
#include "zend_builtin_functions.h"
#include "zend_closures.h"
#include "zend_interfaces.h"
#include "main/php_output.h"
#include "main/SAPI.h"
#include "main/php_variables.h"
#include "ext/standard/url.h"

/* ---- garbage collection ---- */

zend_get_gc_buffer *steelwool_gc_buffer(void) { return zend_get_gc_buffer_create(); }
void steelwool_gc_add(zend_get_gc_buffer *buffer, zval *value) { zend_get_gc_buffer_add_zval(buffer, value); }
void steelwool_gc_use(zend_get_gc_buffer *buffer, zval **table, int *n) { zend_get_gc_buffer_use(buffer, table, n); }

/* ---- stacks ----
 *
 * A coroutine's stack is a raw zend_fiber_context: the engine's own switch saves and restores its VM state, and observers
 * (Xdebug, opcache) see ordinary fibers. make_fcontext is exported by the php binary; without it (a php built otherwise)
 * the engine allocates the C stack itself.
 */

typedef struct { void *handle; zend_fiber_transfer *transfer; } steelwool_transfer;
extern void *make_fcontext(void *top, size_t size, void (*entry)(steelwool_transfer)) __attribute__((weak));

/* Rust: runs jobs on the stack of this record, for ever; and learns that one ended in a bailout. */
extern void steelwool_run_jobs(void *record);
extern void steelwool_bailed_out(void *record);

static char steelwool_kind;
static zend_function steelwool_bottom = {ZEND_INTERNAL_FUNCTION};

typedef struct {
	zend_fiber_context context;
	void *record;
	zend_vm_stack vm;
	size_t vm_size;
} steelwool_context;

size_t steelwool_context_size(void) { return sizeof(steelwool_context); }
bool steelwool_own_stacks(void) { return make_fcontext != NULL; }

static ZEND_NORETURN void steelwool_main(void) {
	steelwool_context *self = (steelwool_context *) EG(current_fiber_context);
	zend_vm_stack page = self->vm;
	page->top = ZEND_VM_STACK_ELEMENTS(page);
	page->end = (zval *) ((char *) page + self->vm_size);
	page->prev = NULL;
	zend_execute_data *bottom = (zend_execute_data *) page->top;
	memset(bottom, 0, sizeof *bottom);
	bottom->func = &steelwool_bottom;
	EG(vm_stack) = page;
	EG(vm_stack_top) = page->top + ZEND_CALL_FRAME_SLOT;
	EG(vm_stack_end) = page->end;
	EG(vm_stack_page_size) = ZEND_FIBER_VM_STACK_SIZE;
	EG(current_execute_data) = bottom;
	EG(jit_trace_num) = 0;
	EG(active_fiber) = NULL;
	for (;;) {
		zend_first_try {
			steelwool_run_jobs(self->record);
		} zend_catch {
			steelwool_bailed_out(self->record);
		} zend_end_try();
	}
}

static void steelwool_entry(steelwool_transfer data) {
	data.transfer->context->handle = data.handle;
	EG(current_fiber_context)->status = ZEND_FIBER_STATUS_RUNNING;
	steelwool_main();
}

static void steelwool_engine_entry(zend_fiber_transfer *transfer) {
	steelwool_main();
}

/* Prepares the context in `self` for its first switch. False when the engine could not allocate a stack. */
bool steelwool_context_init(steelwool_context *self, void *record, void *stack_limit, void *stack_top, void *vm, size_t vm_size) {
	memset(self, 0, sizeof *self);
	self->record = record;
	self->vm = vm;
	self->vm_size = vm_size;
	if (!make_fcontext) {
		return zend_fiber_init_context(&self->context, &steelwool_kind, steelwool_engine_entry, (char *) stack_top - (char *) stack_limit);
	}
	self->context.kind = &steelwool_kind;
	self->context.handle = make_fcontext(stack_top, (char *) stack_top - (char *) stack_limit, steelwool_entry);
	self->context.status = ZEND_FIBER_STATUS_INIT;
	zend_observer_fiber_init_notify(&self->context);
	return true;
}

/* The context's stack is about to be reused or unmapped. */
void steelwool_context_retire(steelwool_context *self) {
	if (make_fcontext) {
		zend_observer_fiber_destroy_notify(&self->context);
	} else {
		zend_fiber_destroy_context(&self->context);
	}
}

zend_fiber_context *steelwool_current_context(void) { return EG(current_fiber_context); }

/* Switches to `to`; returns when somebody switches back.
 *
 * Each side of a switch takes along what the engine keeps in globals and does not switch itself: active output buffers,
 * error handling, a pending exception (a destructor may run, and sleep, while one is pending), and the block that PHP < 8.4
 * puts on fiber switches while destructors run (ours are safe there; other coroutines' Fibers must not see it). */
void steelwool_switch(zend_fiber_context *to) {
	zend_output_globals output;
	bool has_output = OG(active) != NULL;
	zend_error_handling_t error_handling = EG(error_handling);
	zend_class_entry *exception_class = EG(exception_class);
	zend_object *exception = EG(exception), *prev_exception = EG(prev_exception);
	const zend_op *opline_before_exception = EG(opline_before_exception);
	uint32_t blocked = 0;

	if (UNEXPECTED(has_output)) {
		memcpy(&output, &output_globals, sizeof output);
		php_output_activate();
	}
	EG(error_handling) = EH_NORMAL;
	EG(exception_class) = NULL;
	EG(exception) = NULL;
	EG(prev_exception) = NULL;
	while (UNEXPECTED(zend_fiber_switch_blocked())) {
		zend_fiber_switch_unblock();
		blocked++;
	}

	zend_fiber_transfer transfer = {.context = to, .flags = 0};
	ZVAL_UNDEF(&transfer.value);
	zend_fiber_switch_context(&transfer);

	while (UNEXPECTED(blocked)) {
		zend_fiber_switch_block();
		blocked--;
	}
	if (UNEXPECTED(has_output)) {
		zend_stack_destroy(&OG(handlers));
		memcpy(&output_globals, &output, sizeof output);
	}
	EG(error_handling) = error_handling;
	EG(exception_class) = exception_class;
	EG(exception) = exception;
	EG(prev_exception) = prev_exception;
	EG(opline_before_exception) = opline_before_exception;
}

/* End of a job: what the coroutine still buffers goes out. */
void steelwool_flush_output(void) {
	if (UNEXPECTED(OG(active) != NULL)) {
		bool no_headers = SG(request_info).no_headers;
		SG(request_info).no_headers = true;
		php_output_end_all();
		SG(request_info).no_headers = no_headers;
	}
}

/* error_reporting for a new coroutine: the caller's, unless the caller is inside an @-expression. */
void steelwool_set_error_reporting(int level) {
	EG(error_reporting) = level;
}

int steelwool_error_reporting(void) {
	int level = EG(error_reporting);
	if (UNEXPECTED((level & ~(E_ERROR | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR | E_PARSE)) == 0)) {
		level = (int) zend_ini_long("error_reporting", sizeof("error_reporting") - 1, 0);
		if (level == 0 && !zend_ini_string("error_reporting", sizeof("error_reporting") - 1, 0)) level = E_ALL;
	}
	return level;
}

/* ---- exit() inside a coroutine throws Swoole\ExitException ---- */

/* Rust: whether the caller is in a coroutine; throws with this status. */
extern bool steelwool_in_coroutine(void);
extern void steelwool_throw_exit(zval *status);

#if PHP_VERSION_ID < 80400
static user_opcode_handler_t steelwool_previous_exit;

static int steelwool_exit_handler(zend_execute_data *execute_data) {
	const zend_op *opline = EX(opline);
	if (EXPECTED(steelwool_in_coroutine())) {
		zval status;
		ZVAL_NULL(&status);
		if (opline->op1_type == IS_CONST) {
			ZVAL_COPY(&status, RT_CONSTANT(opline, opline->op1));
		} else if (opline->op1_type != IS_UNUSED) {
			zval *operand = EX_VAR(opline->op1.var);
			ZVAL_COPY_DEREF(&status, operand);
			if (opline->op1_type & (IS_TMP_VAR | IS_VAR)) zval_ptr_dtor_nogc(operand);
			if (Z_TYPE(status) == IS_UNDEF) ZVAL_NULL(&status);
		}
		steelwool_throw_exit(&status);
		zval_ptr_dtor(&status);
		return ZEND_USER_OPCODE_CONTINUE;
	}
	return steelwool_previous_exit ? steelwool_previous_exit(execute_data) : ZEND_USER_OPCODE_DISPATCH;
}

void steelwool_hook_exit(void) {
	steelwool_previous_exit = zend_get_user_opcode_handler(ZEND_EXIT);
	zend_set_user_opcode_handler(ZEND_EXIT, steelwool_exit_handler);
}
#else
static zif_handler steelwool_previous_exit;

static void steelwool_exit_function(INTERNAL_FUNCTION_PARAMETERS) {
	if (!steelwool_in_coroutine()) {
		steelwool_previous_exit(INTERNAL_FUNCTION_PARAM_PASSTHRU);
		return;
	}
	zend_string *text = NULL;
	zend_long number = 0;
	ZEND_PARSE_PARAMETERS_START(0, 1)
		Z_PARAM_OPTIONAL
		Z_PARAM_STR_OR_LONG(text, number)
	ZEND_PARSE_PARAMETERS_END();
	zval status;
	if (text) ZVAL_STR(&status, text); else ZVAL_LONG(&status, number);
	steelwool_throw_exit(&status);
}

void steelwool_hook_exit(void) {
	zend_function *function = zend_hash_str_find_ptr(CG(function_table), "exit", sizeof("exit") - 1);
	if (function && function->type == ZEND_INTERNAL_FUNCTION) {
		steelwool_previous_exit = function->internal_function.handler;
		function->internal_function.handler = steelwool_exit_function;
	}
}
#endif

/* ---- the way out of a fatal error ---- */

ZEND_NORETURN void steelwool_bailout(void) { zend_bailout(); }

/* Reports the pending exception as an uncaught one, without leaving. */
void steelwool_report_exception(int severity) { zend_exception_error(EG(exception), severity); }

/* ---- traces ---- */

zend_string *steelwool_backtrace(zend_execute_data *frame, int limit) {
	zend_execute_data *current = EG(current_execute_data);
	zval trace;
	EG(current_execute_data) = frame;
	zend_fetch_debug_backtrace(&trace, 0, DEBUG_BACKTRACE_IGNORE_ARGS, limit);
	EG(current_execute_data) = current;
	zend_string *text = zend_trace_to_string(Z_ARRVAL(trace), false);
	zval_ptr_dtor(&trace);
	return text;
}

/* ---- request input, read by PHP's own functions ---- */

void steelwool_parse_query(const char *text, size_t length, zval *into) {
	php_default_treat_data(PARSE_STRING, estrndup(text, length), into);
}

size_t steelwool_url_decode(char *text, size_t length, bool raw) {
	return raw ? php_raw_url_decode(text, length) : php_url_decode(text, length);
}

zend_long steelwool_max_input_vars(void) { return PG(max_input_vars); }

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

void steelwool_slot_push(zval *slot, zval *value) {
	if (!zend_hash_next_index_insert(steelwool_own_array(slot), value)) zval_ptr_dtor(value);
}
