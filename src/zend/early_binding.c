/* Classes of the library as parents of a script's own classes.
 *
 * PHP declares a class at the top of a script before the script runs, so that it may be used above its declaration, if its parent
 * exists by then. The library's classes exist when somebody asks; so here the compiler asks for those that are parents. */
#include "php.h"
#include "zend_ast.h"
#include "zend_compile.h"
#include "zend_inheritance.h"

/* Rust: loads this class of the library, if it is one and is not loaded. */
extern bool steelwool_library_provide(const char *lower_name, size_t length);

static void (*steelwool_next_ast_process)(zend_ast *ast);
static zend_op_array *(*steelwool_next_compile_file)(zend_file_handle *file, int type);

/* Loads the class while the compiler is at work on something else, which has been parsed but not begun. */
static void steelwool_provide_parent(zend_string *name) {
	bool in_compilation = CG(in_compilation);
	zend_string *lower = zend_string_tolower(name);
	CG(in_compilation) = false;
	steelwool_library_provide(ZSTR_VAL(lower), ZSTR_LEN(lower));
	CG(in_compilation) = in_compilation;
	zend_string_release(lower);
}

/* `use prefix\name as alias`, for the names that follow. */
static void steelwool_import(HashTable *imports, zend_string *prefix, zend_ast *element) {
	zend_string *name = zend_ast_get_str(element->child[0]), *alias;
	const char *last = zend_memrchr(ZSTR_VAL(name), '\\', ZSTR_LEN(name));
	if (element->child[1]) {
		alias = zend_string_copy(zend_ast_get_str(element->child[1]));
	} else if (last) {
		alias = zend_string_init(last + 1, ZSTR_VAL(name) + ZSTR_LEN(name) - last - 1, 0);
	} else {
		alias = zend_string_copy(name);
	}
	zend_string *lower = zend_string_tolower(alias);
	zval full;
	if (prefix) {
		ZVAL_STR(&full, zend_string_concat3(ZSTR_VAL(prefix), ZSTR_LEN(prefix), "\\", 1, ZSTR_VAL(name), ZSTR_LEN(name)));
	} else {
		ZVAL_STR_COPY(&full, name);
	}
	zend_hash_update(imports, lower, &full);
	zend_string_release(lower);
	zend_string_release(alias);
}

/* The full name of a class that is called `name` here. */
static zend_string *steelwool_resolve(zend_ast *ast, zend_string *namespace, HashTable *imports) {
	zend_string *name = zend_ast_get_str(ast);
	if (ast->attr == ZEND_NAME_FQ) return zend_string_copy(name);
	if (ast->attr != ZEND_NAME_RELATIVE) {
		const char *first = memchr(ZSTR_VAL(name), '\\', ZSTR_LEN(name));
		size_t length = first ? (size_t) (first - ZSTR_VAL(name)) : ZSTR_LEN(name);
		zend_string *alias = zend_string_init(ZSTR_VAL(name), length, 0), *lower = zend_string_tolower(alias);
		zval *import = zend_hash_find(imports, lower);
		zend_string_release(lower);
		zend_string_release(alias);
		if (import) {
			return zend_string_concat2(Z_STRVAL_P(import), Z_STRLEN_P(import), ZSTR_VAL(name) + length, ZSTR_LEN(name) - length);
		}
	}
	if (!namespace) return zend_string_copy(name);
	return zend_string_concat3(ZSTR_VAL(namespace), ZSTR_LEN(namespace), "\\", 1, ZSTR_VAL(name), ZSTR_LEN(name));
}

static void steelwool_seek_parents(zend_ast *statements, zend_string *namespace, HashTable *imports) {
	zend_ast_list *list = zend_ast_get_list(statements);
	for (uint32_t i = 0; i < list->children; i++) {
		zend_ast *ast = list->child[i];
		if (!ast) continue;
		switch (ast->kind) {
			case ZEND_AST_NAMESPACE:
				namespace = ast->child[0] ? zend_ast_get_str(ast->child[0]) : NULL;
				zend_hash_clean(imports);
				if (ast->child[1]) steelwool_seek_parents(ast->child[1], namespace, imports);
				break;
			case ZEND_AST_USE:
				if (ast->attr == ZEND_SYMBOL_CLASS) {
					zend_ast_list *uses = zend_ast_get_list(ast);
					for (uint32_t j = 0; j < uses->children; j++) steelwool_import(imports, NULL, uses->child[j]);
				}
				break;
			case ZEND_AST_GROUP_USE: {
				zend_ast_list *uses = zend_ast_get_list(ast->child[1]);
				for (uint32_t j = 0; j < uses->children; j++) {
					uint32_t type = ast->child[1]->attr ? ast->child[1]->attr : uses->child[j]->attr;
					if (type == ZEND_SYMBOL_CLASS) steelwool_import(imports, zend_ast_get_str(ast->child[0]), uses->child[j]);
				}
				break;
			}
			case ZEND_AST_CLASS: {
				zend_ast *parent = ((zend_ast_decl *) ast)->child[0];
				if (parent && parent->kind == ZEND_AST_ZVAL) {
					zend_string *name = steelwool_resolve(parent, namespace, imports);
					steelwool_provide_parent(name);
					zend_string_release(name);
				}
				break;
			}
			default:
				break;
		}
	}
}

/* A script was parsed and is about to be compiled. opcache compiles for later: then its own delayed binding decides, see below. */
static void steelwool_ast_process(zend_ast *ast) {
	if (steelwool_next_ast_process) steelwool_next_ast_process(ast);
	if (CG(compiler_options) & (ZEND_COMPILE_DELAYED_BINDING | ZEND_COMPILE_WITHOUT_EXECUTION)) return;
	if (!ast || ast->kind != ZEND_AST_STMT_LIST) return;
	HashTable imports;
	zend_hash_init(&imports, 8, NULL, ZVAL_PTR_DTOR, 0);
	steelwool_seek_parents(ast, NULL, &imports);
	zend_hash_destroy(&imports);
}

/* opcache handed out a script: it has bound the classes whose parents existed. */
static zend_op_array *steelwool_compile_file(zend_file_handle *file, int type) {
	zend_op_array *code = steelwool_next_compile_file(file, type);
	if (!code || EG(exception)) return code;
	for (uint32_t i = 0; i < code->last; i++) {
		zend_op *opline = &code->opcodes[i];
		if (opline->opcode != ZEND_DECLARE_CLASS_DELAYED) continue;
		zval *name = RT_CONSTANT(opline, opline->op1);
		zend_string *parent = Z_STR_P(RT_CONSTANT(opline, opline->op2));
		if (!zend_hash_exists(EG(class_table), parent) && steelwool_library_provide(ZSTR_VAL(parent), ZSTR_LEN(parent))) {
			zval *slot = zend_hash_find_known_hash(EG(class_table), Z_STR_P(name + 1));
			if (slot) zend_bind_class_in_slot(slot, name, parent);
		}
	}
	return code;
}

/* At module start: nothing has been compiled. */
void steelwool_bind_early(void) {
	steelwool_next_ast_process = zend_ast_process;
	zend_ast_process = steelwool_ast_process;
}

/* At the first request: opcache and others have put their own compiler in place. */
void steelwool_bind_early_behind_opcache(void) {
	if (steelwool_next_compile_file) return;
	steelwool_next_compile_file = zend_compile_file;
	zend_compile_file = steelwool_compile_file;
}
