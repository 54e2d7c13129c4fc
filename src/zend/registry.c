/* Registration: what registry.rs cannot say without C's macros, or what PHP versions spell differently. */
#include "php.h"
#include "zend_constants.h"
#include "zend_interfaces.h"
#include "zend_attributes.h"

zend_class_entry *steelwool_register_class(const char *name, size_t length, const zend_function_entry *methods, zend_class_entry *parent,
	bool interface) {
	zend_class_entry ce;
	INIT_CLASS_ENTRY_EX(ce, name, length, methods);
	return interface ? zend_register_internal_interface(&ce) : zend_register_internal_class_ex(&ce, parent);
}

void steelwool_interned(zval *value, const char *text, size_t length) {
	ZVAL_INTERNED_STR(value, zend_string_init_interned(text, length, 1));
}

void steelwool_empty_array(zval *value) { ZVAL_EMPTY_ARRAY(value); }

void steelwool_declare_property(zend_class_entry *ce, const char *name, size_t length, zval *value, int flags, bool typed,
	const char *class_name, uint32_t mask) {
	zend_type type = ZEND_TYPE_INIT_NONE(0);
	if (class_name) {
		type = (zend_type) ZEND_TYPE_INIT_CLASS(zend_string_init_interned(class_name, strlen(class_name), 1), 0, 0);
		ZEND_TYPE_FULL_MASK(type) |= mask;
	} else if (typed) {
		type = (zend_type) ZEND_TYPE_INIT_MASK(mask);
	}
	zend_declare_typed_property(ce, zend_string_init_interned(name, length, 1), value, flags, NULL, type);
}

void steelwool_declare_class_constant(zend_class_entry *ce, const char *name, size_t length, zval *value, int flags) {
	zend_declare_class_constant_ex(ce, zend_string_init_interned(name, length, 1), value, flags, NULL);
}

/* The argument shows as SensitiveParameterValue in back traces. */
void steelwool_sensitive_parameter(zend_class_entry *ce, const char *method, size_t length, uint32_t parameter) {
	zend_string *lower = zend_string_alloc(length, 0);
	zend_function *function;
	zend_str_tolower_copy(ZSTR_VAL(lower), method, length);
	function = zend_hash_find_ptr(&ce->function_table, lower);
	zend_string_release(lower);
	if (function) zend_add_parameter_attribute(function, parameter, ZSTR_KNOWN(ZEND_STR_SENSITIVEPARAMETER), 0);
}

/* A constant that another extension has already defined keeps its value (ext/sockets: SOCKET_ECANCELED). */
void steelwool_register_constant(const char *name, size_t length, zval *value, int module_number) {
	zend_constant constant;
	if (zend_get_constant_str(name, length)) return;
	memset(&constant, 0, sizeof constant);
	ZVAL_COPY_VALUE(&constant.value, value);
	ZEND_CONSTANT_SET_FLAGS(&constant, CONST_PERSISTENT, module_number);
	constant.name = zend_string_init_interned(name, length, 1);
	zend_register_constant(&constant);
}

zend_class_entry *steelwool_find_class(const char *name, size_t length) {
	return zend_hash_str_find_ptr_lc(CG(class_table), name, length);
}

bool steelwool_module_loaded(const char *name, size_t length) { return zend_hash_str_exists(&module_registry, name, length); }

bool steelwool_is_declared_property(zend_class_entry *ce, zend_string *name) {
	return zend_hash_exists(&ce->properties_info, name);
}
