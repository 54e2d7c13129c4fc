/* `exit` is an instruction until PHP 8.3 and a function from 8.4 on. */
#include "version.h"

/* ---- exit() inside a coroutine or a server throws Swoole\ExitException ---- */

/* Rust: whether exit() throws here; throws with this status. */
extern bool steelwool_exit_throws(void);
extern void steelwool_throw_exit(zval *status);

#if PHP_VERSION_ID < 80400
static user_opcode_handler_t steelwool_previous_exit;

static int steelwool_exit_handler(zend_execute_data *execute_data) {
	const zend_op *opline = EX(opline);
	if (EXPECTED(steelwool_exit_throws())) {
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
	if (!steelwool_exit_throws()) {
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
