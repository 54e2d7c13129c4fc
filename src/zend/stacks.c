/* Stacks of coroutines, and the switch between them. */
#include "php.h"
#include "zend_fibers.h"
#include "zend_observer.h"
#include "zend_exceptions.h"
#include "main/php_output.h"
#include "main/SAPI.h"
#include "ext/standard/basic_functions.h"

/* A coroutine's stack is a raw zend_fiber_context, so observers (Xdebug, opcache) see ordinary fibers, and users' own Fibers
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
