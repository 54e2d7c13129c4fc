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
#include "ext/standard/basic_functions.h"
#include "ext/standard/url.h"
#include "ext/standard/file.h"

#include "ext/json/php_json.h"
#include "version.h"

/* ---- garbage collection ---- */

zend_get_gc_buffer *steelwool_gc_buffer(void) { return zend_get_gc_buffer_create(); }
void steelwool_gc_add(zend_get_gc_buffer *buffer, zval *value) { zend_get_gc_buffer_add_zval(buffer, value); }
void steelwool_gc_use(zend_get_gc_buffer *buffer, zval **table, int *n) { zend_get_gc_buffer_use(buffer, table, n); }

/* ---- stacks ----
 *
 * A coroutine's stack is a raw zend_fiber_context, so observers (Xdebug, opcache) see ordinary fibers, and users' own Fibers
 * work on top. Its `handle` is private to whoever parks it: a context parked by steelwool_switch is only ever resumed by
 * steelwool_switch, one parked by the engine (around a user's Fiber) only by the engine, so ours may hold a bare stack pointer.
 *
 *   x86-64             our own jump: two pushed registers and an address, no return to mispredict
 *   elsewhere          jump_fcontext, exported by the php binary
 *   php without it     the engine's zend_fiber_switch_context, on C stacks that the engine allocates
 */

typedef struct { void *handle; zend_fiber_transfer *transfer; } steelwool_transfer;
extern void *make_fcontext(void *top, size_t size, void (*entry)(steelwool_transfer)) __attribute__((weak));
extern steelwool_transfer jump_fcontext(void *to, zend_fiber_transfer *transfer) __attribute__((weak));

#if defined(__x86_64__)
# define STEELWOOL_OWN_JUMP 1
#else
# define STEELWOOL_OWN_JUMP 0
#endif

/* Whether stacks and switches are ours; otherwise the engine's functions do both. */
static bool steelwool_own;

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
	void *stack_limit, *stack_top;
} steelwool_context;

size_t steelwool_context_size(void) { return sizeof(steelwool_context); }
bool steelwool_own_stacks(void) { return steelwool_own = STEELWOOL_OWN_JUMP || (make_fcontext != NULL && jump_fcontext != NULL); }

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
#ifdef ZEND_CHECK_STACK_LIMIT
	EG(stack_base) = self->stack_top;
	EG(stack_limit) = (char *) self->stack_limit + EG(reserved_stack_size);
#endif
	for (;;) {
		zend_first_try {
			steelwool_run_jobs(self->record);
		} zend_catch {
			steelwool_bailed_out(self->record);
		} zend_end_try();
	}
}

/* First frame of a stack that jump_fcontext enters. */
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
	self->stack_limit = stack_limit;
	self->stack_top = stack_top;
	if (!steelwool_own_stacks()) {
		return zend_fiber_init_context(&self->context, &steelwool_kind, steelwool_engine_entry, (char *) stack_top - (char *) stack_limit);
	}
	self->context.kind = &steelwool_kind;
#if STEELWOOL_OWN_JUMP
	/* What steelwool_swap pops and jumps to; below it the return address of a function that never returns. */
	void **frame = (void **) ((uintptr_t) stack_top & ~(uintptr_t) 15) - 2;
	frame[0] = (void *) steelwool_main;
	frame[1] = NULL;
	self->context.handle = frame;
#else
	self->context.handle = make_fcontext(stack_top, (char *) stack_top - (char *) stack_limit, steelwool_entry);
#endif
	self->context.status = ZEND_FIBER_STATUS_INIT;
	zend_observer_fiber_init_notify(&self->context);
	return true;
}

/* The context's stack is about to be reused or unmapped. */
void steelwool_context_retire(steelwool_context *self) {
	if (steelwool_own) {
		zend_observer_fiber_destroy_notify(&self->context);
	} else {
		zend_fiber_destroy_context(&self->context);
	}
}


#if STEELWOOL_OWN_JUMP
/* Parks this stack in *from and goes on where `to` was parked. The compiler saves what it needs of the other registers; the
 * floating-point control words are the same on every stack. Compiled without a red zone (build/main.rs). */
static zend_always_inline void steelwool_swap(void **from, void *to) {
	__asm__ volatile(
		"leaq 1f(%%rip), %%rax\n\t"
		"pushq %%rbp\n\t"
		"pushq %%rbx\n\t"
		"pushq %%rax\n\t"
		"movq %%rsp, (%0)\n\t"
		"movq %1, %%rsp\n\t"
		"popq %%rax\n\t"
		"jmpq *%%rax\n\t"
		"1:\n\t"
		"popq %%rbx\n\t"
		"popq %%rbp"
		: "+D"(from), "+S"(to)
		:
		: "rax", "rcx", "rdx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc",
		  "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7",
		  "xmm8", "xmm9", "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}
#endif

/* What the engine's own switch does (zend_fiber_switch_context), without its second copy of our state and its extra frame:
 * every frame between the VM and the jump is a mispredicted return after it. Both sides of the jump are in this function or
 * in steelwool_entry, so no value travels and no context dies here. */
static zend_always_inline void steelwool_jump(zend_fiber_context *to) {
	zend_fiber_context *from = EG(current_fiber_context);

	zend_observer_fiber_switch_notify(from, to);

	zend_vm_stack vm_stack = EG(vm_stack);
	zval *vm_stack_top = EG(vm_stack_top), *vm_stack_end = EG(vm_stack_end);
	size_t vm_stack_page_size = EG(vm_stack_page_size);
	zend_execute_data *current_execute_data = EG(current_execute_data);
	int error_reporting = EG(error_reporting);
	uint32_t jit_trace_num = EG(jit_trace_num);
	JMP_BUF *bailout = EG(bailout);
	zend_fiber *active_fiber = EG(active_fiber);
#ifdef ZEND_CHECK_STACK_LIMIT
	void *stack_base = EG(stack_base), *stack_limit = EG(stack_limit);
#endif

	to->status = ZEND_FIBER_STATUS_RUNNING;
	/* A user's Fiber whose coroutine waits still runs, as far as PHP is concerned: the engine would resume a suspended one to
	 * unwind it when the object is destroyed, with its own switch, on a stack that only ours can enter. */
	if (EXPECTED(from->status == ZEND_FIBER_STATUS_RUNNING && from->kind != zend_ce_fiber)) from->status = ZEND_FIBER_STATUS_SUSPENDED;
	EG(current_fiber_context) = to;
#if STEELWOOL_OWN_JUMP
	steelwool_swap(&from->handle, to->handle);
#else
	zend_fiber_transfer transfer = {.context = from, .flags = 0};
	steelwool_transfer data = jump_fcontext(to->handle, &transfer);
	data.transfer->context->handle = data.handle;
#endif
	EG(current_fiber_context) = from;

	EG(vm_stack) = vm_stack;
	EG(vm_stack_top) = vm_stack_top;
	EG(vm_stack_end) = vm_stack_end;
	EG(vm_stack_page_size) = vm_stack_page_size;
	EG(current_execute_data) = current_execute_data;
	EG(error_reporting) = error_reporting;
	EG(jit_trace_num) = jit_trace_num;
	EG(bailout) = bailout;
	EG(active_fiber) = active_fiber;
#ifdef ZEND_CHECK_STACK_LIMIT
	EG(stack_base) = stack_base;
	EG(stack_limit) = stack_limit;
#endif
}

static zend_never_inline void steelwool_jump_by_engine(zend_fiber_context *to) {
	zend_fiber_transfer transfer = {.context = to, .flags = 0};
	ZVAL_UNDEF(&transfer.value);
	zend_fiber_switch_context(&transfer);
}

/* What usort() and its kind, serialize() and unserialize() keep in globals while they call PHP code. */
typedef struct {
	zend_fcall_info compare;
	zend_fcall_info_cache compare_cache;
	unsigned serialize_lock;
	__typeof__(basic_globals.serialize) serialize;
	__typeof__(basic_globals.unserialize) unserialize;
} steelwool_calls;

static zend_always_inline uintptr_t steelwool_in_calls(void) {
	return (uintptr_t) BG(user_compare_fci).size | BG(serialize_lock) | BG(serialize).level | BG(unserialize).level;
}

static void steelwool_take_calls(steelwool_calls *calls) {
	*calls = (steelwool_calls) {
		BG(user_compare_fci), BG(user_compare_fci_cache), BG(serialize_lock), BG(serialize), BG(unserialize),
	};
	BG(user_compare_fci) = empty_fcall_info;
	BG(user_compare_fci_cache) = empty_fcall_info_cache;
	BG(serialize_lock) = 0;
	memset(&BG(serialize), 0, sizeof BG(serialize));
	memset(&BG(unserialize), 0, sizeof BG(unserialize));
}

static void steelwool_put_calls(const steelwool_calls *calls) {
	BG(user_compare_fci) = calls->compare;
	BG(user_compare_fci_cache) = calls->compare_cache;
	BG(serialize_lock) = calls->serialize_lock;
	BG(serialize) = calls->serialize;
	BG(unserialize) = calls->unserialize;
}

/* A switch with state that the engine keeps in globals and does not switch: active output buffers; error handling; a pending
 * exception (a destructor may run, and sleep, while one is pending); functions that call back; and the block that PHP < 8.4 puts
 * on fiber switches while destructors run (ours are safe there; other coroutines' Fibers must not see it).
 *
 * A side that has such state takes it along and leaves the globals clean, so the other side always finds them clean. */
static zend_never_inline void steelwool_switch_slowly(zend_fiber_context *to) {
	zend_output_globals output;
	bool has_output = OG(active) != NULL;
	zend_error_handling_t error_handling = EG(error_handling);
	zend_class_entry *exception_class = EG(exception_class);
	zend_object *exception = EG(exception), *prev_exception = EG(prev_exception);
	const zend_op *opline_before_exception = EG(opline_before_exception);
	uint32_t blocked = 0;
	steelwool_calls calls;
	bool in_calls = steelwool_in_calls() != 0;

	if (in_calls) steelwool_take_calls(&calls);

	if (has_output) {
		memcpy(&output, &output_globals, sizeof output);
		php_output_activate();
	}
	EG(error_handling) = EH_NORMAL;
	EG(exception_class) = NULL;
	EG(exception) = NULL;
	EG(prev_exception) = NULL;
	while (zend_fiber_switch_blocked()) {
		zend_fiber_switch_unblock();
		blocked++;
	}

	if (steelwool_own) steelwool_jump(to); else steelwool_jump_by_engine(to);

	while (blocked) {
		zend_fiber_switch_block();
		blocked--;
	}
	EG(error_handling) = error_handling;
	EG(exception_class) = exception_class;
	EG(exception) = exception;
	EG(prev_exception) = prev_exception;
	EG(opline_before_exception) = opline_before_exception;
	if (in_calls) steelwool_put_calls(&calls);
	if (has_output) {
		zend_stack_destroy(&OG(handlers));
		memcpy(&output_globals, &output, sizeof output);
	}
}

/* Switches to `to`; returns when somebody switches back. */
void steelwool_switch(zend_fiber_context *to) {
	uintptr_t rare = (uintptr_t) OG(active) | (uintptr_t) EG(exception) | (uintptr_t) EG(prev_exception)
		| (uintptr_t) EG(exception_class) | (uintptr_t) EG(error_handling) | (uintptr_t) !steelwool_own | steelwool_in_calls();
	if (UNEXPECTED(rare != 0 || zend_fiber_switch_blocked())) {
		steelwool_switch_slowly(to);
	} else {
		steelwool_jump(to);
	}
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

/* ---- descriptors ---- */

/* The descriptor of a stream, for select and its kin; -1 when it has none, after PHP's own warning or TypeError. */
int steelwool_stream_fd(zval *value) {
	php_stream *stream;
	int fd = -1;
	php_stream_from_zval_no_verify(stream, value);
	if (!stream || php_stream_cast(stream, PHP_STREAM_AS_FD_FOR_SELECT | PHP_STREAM_CAST_INTERNAL, (void **) &fd, 1) != SUCCESS) return -1;
	return fd;
}

/* Assigns to the variable that was passed by reference as this argument; takes the value over. */
void steelwool_assign_reference(zval *argument, zval *value)
{
	if (Z_ISREF_P(argument)) {
		ZEND_TRY_ASSIGN_REF_TMP(argument, value);
	} else {
		zval_ptr_dtor(value);
	}
}

/* The descriptor of a stream that is a socket; -1 otherwise, after PHP's own warning or TypeError. */
int steelwool_stream_socket(zval *value) {
	php_stream *stream;
	int fd = -1;
	php_stream_from_zval_no_verify(stream, value);
	if (!stream || php_stream_cast(stream, PHP_STREAM_AS_SOCKETD, (void **) &fd, 1) != SUCCESS) return -1;
	return fd;
}

/* The descriptor of an object of class Socket: the first member of its php_socket; -1 when it is closed. */
int steelwool_socket_fd(zend_object *object) { return *(int *) ((char *) object - object->handlers->offset); }

/* The beginning of ext/sockets' php_socket. */
struct steelwool_socket {
	int fd;
	int type;
	int error;
	int blocking;
	zval stream;
	zend_object std;
};

/* A new object of ext/sockets' class Socket for this descriptor, which it takes over. */
bool steelwool_new_socket(zval *result, zend_class_entry *class, int fd, bool (*import)(int, void *))
{
	if (object_init_ex(result, class) != SUCCESS) return false;
	zend_object *object = Z_OBJ_P(result);
	if (object->handlers->offset != (int) offsetof(struct steelwool_socket, std)) return false;
	struct steelwool_socket *socket = (struct steelwool_socket *) ((char *) object - object->handlers->offset);
	ZVAL_UNDEF(&socket->stream);
	return import(fd, socket);
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

/* ---- async.file:// ---- */

/* In Rust: the running coroutine begins to open a file in that way, and has done so (-1 when it failed). */
extern void steelwool_file_opens(void);
extern void steelwool_file_opened(int fd);

static php_stream *steelwool_async_open(php_stream_wrapper *wrapper, const char *name, const char *mode, int options, zend_string **opened, php_stream_context *context STREAMS_DC) {
	static const char scheme[] = "async.file://";
	if (!strncasecmp(name, scheme, sizeof scheme - 1)) name += sizeof scheme - 1;
	steelwool_file_opens();
	php_stream *stream = php_plain_files_wrapper.wops->stream_opener(&php_plain_files_wrapper, name, mode, options, opened, context STREAMS_REL_CC);
	int fd = -1;
	if (stream && php_stream_cast(stream, PHP_STREAM_AS_FD | PHP_STREAM_CAST_INTERNAL, (void **) &fd, 0) != SUCCESS) fd = -1;
	steelwool_file_opened(fd);
	return stream;
}

static const php_stream_wrapper_ops steelwool_async_ops = { .stream_opener = steelwool_async_open, .label = "async.file" };
static const php_stream_wrapper steelwool_async_wrapper = { .wops = &steelwool_async_ops };

/* PHP's own transport of the name without "async.": all of them wait as coroutines do. */
static php_stream *steelwool_async_transport(const char *name, size_t length, const char *resource, size_t resource_length, const char *persistent, int options, int flags, struct timeval *timeout, php_stream_context *context STREAMS_DC) {
	static const size_t prefix = sizeof "async." - 1;
	php_stream_transport_factory own = zend_hash_str_find_ptr(php_stream_xport_get_hash(), name + prefix, length - prefix);
	return own ? own(name + prefix, length - prefix, resource, resource_length, persistent, options, flags, timeout, context STREAMS_REL_CC) : NULL;
}

/* At module start. */
void steelwool_register_async_file(void) {
	static const char *const transports[] = { "async.tcp", "async.udp", "async.unix", "async.udg", "async.ssl", "async.tls" };
	php_register_url_stream_wrapper("async.file", &steelwool_async_wrapper);
	for (size_t i = 0; i < sizeof transports / sizeof *transports; i++) php_stream_xport_register(transports[i], steelwool_async_transport);
}

/* ---- transports of streams ---- */

/* In Rust: the running coroutine makes a stream with this one of the transports below. */
extern void steelwool_transport_used(size_t which);

static const char *const steelwool_told[] = { "tcp", "ssl", "tls" };
#define STEELWOOL_TOLD (sizeof steelwool_told / sizeof *steelwool_told)
static php_stream_transport_factory steelwool_factories[STEELWOOL_TOLD];

static php_stream *steelwool_telling_transport(const char *name, size_t length, const char *resource, size_t resource_length, const char *persistent, int options, int flags, struct timeval *timeout, php_stream_context *context STREAMS_DC) {
	for (size_t i = 0; i < STEELWOOL_TOLD; i++) {
		if (length != strlen(steelwool_told[i]) || strncasecmp(name, steelwool_told[i], length)) continue;
		steelwool_transport_used(i);
		return steelwool_factories[i](name, length, resource, resource_length, persistent, options, flags, timeout, context STREAMS_REL_CC);
	}
	return NULL;
}

/* Once: has those transports tell when they are used. */
void steelwool_tell_transports(void) {
	for (size_t i = 0; i < STEELWOOL_TOLD; i++) {
		steelwool_factories[i] = zend_hash_str_find_ptr(php_stream_xport_get_hash(), steelwool_told[i], strlen(steelwool_told[i]));
		if (steelwool_factories[i]) php_stream_xport_register(steelwool_told[i], steelwool_telling_transport);
	}
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

/* ---- bindto ---- */

/* Writes `bindto` of "0:port", any address by PHP's manual, in the figures that PHP understands. */
void steelwool_any_address(zval *options) {
	if (Z_TYPE_P(options) != IS_ARRAY) return;
	zval *socket = zend_hash_str_find(Z_ARRVAL_P(options), ZEND_STRL("socket"));
	zval *address = socket && Z_TYPE_P(socket) == IS_ARRAY ? zend_hash_str_find(Z_ARRVAL_P(socket), ZEND_STRL("bindto")) : NULL;
	if (!address || Z_TYPE_P(address) != IS_STRING || strncmp(Z_STRVAL_P(address), "0:", 2)) return;
	SEPARATE_ARRAY(options);
	socket = zend_hash_str_find(Z_ARRVAL_P(options), ZEND_STRL("socket"));
	SEPARATE_ARRAY(socket);
	zval whole;
	ZVAL_STR(&whole, strpprintf(0, "0.0.0.0:%s", Z_STRVAL_P(address) + 2));
	zend_hash_str_update(Z_ARRVAL_P(socket), ZEND_STRL("bindto"), &whole);
}

/* The last error that ended a script, for the log of servers. */
bool steelwool_last_fatal_error(const char **message, const char **file, int *line)
{
	const int fatal = E_ERROR | E_CORE_ERROR | E_COMPILE_ERROR | E_USER_ERROR | E_RECOVERABLE_ERROR | E_PARSE;
	if (!PG(last_error_message) || !(PG(last_error_type) & fatal)) {
		return false;
	}
	*message = ZSTR_VAL(PG(last_error_message));
	*file = PG(last_error_file) ? ZSTR_VAL(PG(last_error_file)) : "-";
	*line = PG(last_error_lineno);
	return true;
}
