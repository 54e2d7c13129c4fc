/* PHP's streams and sockets: their descriptors, and transports that tell coroutines. */
#include "php.h"
#include "ext/standard/file.h"

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
