//! The only place that touches the PHP engine: safe values, calls, objects and stacks out of raw pointers.
//!
//! Everything above (`coroutine`, `classes`) sees [`call::Call`], [`callable::Callable`], [`object`], [`fiber`] and the helpers
//! here. The C shim (`shim.c`) holds what only C can say: macros, `setjmp`, and differences between PHP versions.

pub mod array;
pub mod backtrace;
pub mod call;
pub mod callable;
pub mod class_loading;
pub mod decode;
pub mod exit;
pub mod fiber;
pub mod fields;
pub mod ini;
pub mod input;
pub mod interrupt;
pub mod iteration;
pub mod lazy;
pub mod library;
pub mod module;
pub mod object;
pub mod objects;
pub mod registry;
pub mod row;
pub mod stack;
pub mod stream;
pub mod sys;
pub mod text;
pub mod version;
pub mod wrap;

use call::Thrown;
use ext_php_rs::types::Zval;
use std::any::Any;
use std::ffi::{CStr, CString};
use std::sync::atomic::{AtomicBool, Ordering};

/// The engine's globals, fresh: never keep the reference across a switch or a call into PHP.
#[inline]
pub(crate) fn globals() -> *mut sys::zend_executor_globals {
    unsafe extern "C" {
        /// Exported by php; an NTS build has one.
        static mut executor_globals: sys::zend_executor_globals;
    }
    &raw mut executor_globals
}

/// Whether a PHP exception is waiting to be handled.
pub fn exception_pending() -> bool {
    // SAFETY: read on the PHP thread.
    unsafe { !(*globals()).exception.is_null() }
}

/// The name of the function or method of PHP, or of an extension, that is running; none when it is PHP code (which also includes files).
pub fn internal_function<'a>() -> Option<&'a [u8]> {
    // SAFETY: the frame that runs and its function are alive; internal functions and their names stay until the process ends.
    unsafe {
        let function = (*globals()).current_execute_data.as_ref()?.func.as_ref()?;
        let name = function.common.function_name.as_ref();
        (u32::from(function.type_) == sys::ZEND_INTERNAL_FUNCTION)
            .then(|| name.map_or(&b""[..], |name| name.as_bytes()))
    }
}

/// The buffer of PHP's `gethostbyname()`, taken out of PHP's hands while its coroutine waits; dropping gives it back.
pub struct HostBuffer {
    buffer: *mut std::ffi::c_void,
    length: usize,
}

impl HostBuffer {
    /// Takes it, if `buffer` is that one.
    #[allow(clippy::not_unsafe_ptr_arg_deref, reason = "the address is compared, not followed")]
    pub fn take(buffer: *mut std::ffi::c_void) -> Option<Self> {
        let mut length = 0;
        // SAFETY: compares the address; on the PHP thread.
        unsafe { sys::steelwool_host_buffer_take(buffer, &mut length) }.then_some(Self { buffer, length })
    }
}

impl Drop for HostBuffer {
    fn drop(&mut self) {
        // SAFETY: taken from there.
        unsafe { sys::steelwool_host_buffer_put(self.buffer, self.length) };
    }
}

/// Puts a warning in the place of these functions of extensions, until [`enable_functions`].
pub fn disable_functions(names: &[&CStr]) {
    let names: Vec<_> = names.iter().map(|name| name.as_ptr()).collect();
    // SAFETY: C strings, read during the call.
    unsafe { sys::steelwool_disable_functions(names.as_ptr(), names.len()) };
}

/// Takes back [`disable_functions`].
pub fn enable_functions() {
    // SAFETY: puts back what was there.
    unsafe { sys::steelwool_enable_functions() };
}

/// PHP's `Error`.
pub fn standard_error() -> &'static sys::zend_class_entry {
    // SAFETY: set at engine start, never changed.
    unsafe { &*sys::zend_ce_error }
}

/// PHP's `TypeError`.
pub fn type_error() -> &'static sys::zend_class_entry {
    // SAFETY: engine global, set before any extension starts.
    unsafe { &*sys::zend_ce_type_error }
}

/// PHP's `ValueError`.
pub fn value_error() -> &'static sys::zend_class_entry {
    // SAFETY: as above.
    unsafe { &*sys::zend_ce_value_error }
}

/// SPL's `BadMethodCallException`.
pub fn spl_bad_method_call() -> &'static sys::zend_class_entry {
    // SAFETY: set when SPL starts, before us; never changed.
    unsafe { &*sys::spl_ce_BadMethodCallException }
}

/// SPL's `InvalidArgumentException`.
pub fn spl_invalid_argument() -> &'static sys::zend_class_entry {
    // SAFETY: as above.
    unsafe { &*sys::spl_ce_InvalidArgumentException }
}

static BAILOUT: AtomicBool = AtomicBool::new(false);

/// Asks the trampoline of the PHP function that runs on the root stack to continue a fatal error's way out.
pub fn request_bailout() {
    BAILOUT.store(true, Ordering::Relaxed);
}

/// Whether a fatal error is on its way out through Rust frames.
pub fn bailout_requested() -> bool {
    BAILOUT.load(Ordering::Relaxed)
}

/// Takes [`request_bailout`] back: the fatal error's way out ends here. False when none is on its way.
pub fn forgive_bailout() -> bool {
    BAILOUT.swap(false, Ordering::Relaxed)
}

/// Runs `body`; false when a fatal error in it (PHP's longjmp) cut it short. What `body` owned is leaked then.
pub fn guarded<F: FnOnce()>(body: F) -> bool {
    unsafe extern "C" fn run<F: FnOnce()>(data: *mut std::ffi::c_void) {
        // SAFETY: `data` is the closure below, given up by it.
        let body = unsafe { data.cast::<F>().read() };
        catch_panic(body);
    }
    let mut body = std::mem::ManuallyDrop::new(body);
    // SAFETY: the closure stays in place for the call, which runs it once.
    unsafe { sys::steelwool_guarded(run::<F>, (&raw mut body).cast()) }
}

/// Continues a fatal error that a coroutine had: never returns then. Only for frames without destructors.
#[inline]
pub(crate) fn continue_bailout() {
    if BAILOUT.load(Ordering::Relaxed) {
        BAILOUT.store(false, Ordering::Relaxed);
        // SAFETY: called from the trampoline, whose frame holds nothing to drop, inside the engine's own zend_try.
        unsafe { sys::steelwool_bailout() };
    }
}

/// Whether the pending "exception" is the engine's way of unwinding for an exit: `exit`, or a fatal error in PHP code.
pub fn exit_pending() -> bool {
    // SAFETY: the pending exception is alive; the engine compares its class.
    unsafe {
        let exception = (*globals()).exception;
        !exception.is_null() && sys::zend_is_unwind_exit(exception)
    }
}

/// The pending exception.
pub fn pending_exception() -> Option<&'static mut ext_php_rs::types::ZendObject> {
    // SAFETY: the engine keeps it until it is handled; callers do not keep the reference across PHP code.
    unsafe { (*globals()).exception.as_mut() }
}

pub(crate) fn c_string(text: &str) -> CString {
    CString::new(text.replace('\0', "\\0")).unwrap_or_default()
}

/// Throws a new exception of `class` with `message` and `code`; always `Err`, for `return throw(...)`.
pub fn throw<T>(class: &sys::zend_class_entry, message: &str, code: i64) -> Result<T, Thrown> {
    let message = c_string(message);
    // SAFETY: the engine copies the message.
    unsafe {
        sys::zend_throw_exception(std::ptr::from_ref(class).cast_mut(), message.as_ptr(), code);
    }
    Err(Thrown)
}

/// Raises a PHP warning in the words `Class::method(): text`, as Swoole's `php_swoole_error` does.
///
/// A user's error handler may turn it into an exception: callers check [`exception_pending`] when that matters.
pub fn warning(text: &str) {
    docref(sys::E_WARNING as i32, text);
}

/// Raises a PHP warning of exactly this text.
pub fn plain_warning(text: &str) {
    let text = c_string(text);
    // SAFETY: a constant format with one string argument.
    unsafe { sys::zend_error(sys::E_WARNING as i32, c"%s".as_ptr(), text.as_ptr()) };
}

/// Raises an error of `level` (an `E_*` value) with the running function's name in front.
///
/// Where none runs, as at the bottom of a coroutine, it is the text alone. `E_ERROR` does not return: it longjmps, so callers hold nothing
/// with a destructor.
pub fn docref(level: i32, text: &str) {
    const FORMAT: &CStr = c"%s";
    let text = c_string(text);
    if internal_function().is_some_and(<[u8]>::is_empty) {
        // SAFETY: a constant format with one string argument.
        unsafe { sys::zend_error(level, FORMAT.as_ptr(), text.as_ptr()) };
        return;
    }
    // SAFETY: a constant format with one string argument.
    unsafe { sys::php_error_docref(std::ptr::null(), level, FORMAT.as_ptr(), text.as_ptr()) };
}

/// Sets this thread's `errno`, which `swoole_errno()` reads.
pub fn set_errno(number: i32) {
    // SAFETY: this thread's own variable.
    unsafe { *libc::__errno_location() = number };
}

/// The file of the PHP code that is running, or `[no active file]`.
pub fn executed_file() -> CString {
    // SAFETY: a C string that lives at least as long as the code that is running.
    unsafe { CStr::from_ptr(sys::zend_get_executed_filename()) }.to_owned()
}

/// Whether the script has ended: shutdown functions run, or destructors after them.
#[inline]
pub fn ending() -> bool {
    /// `EG_FLAGS_IN_SHUTDOWN`.
    const IN_SHUTDOWN: u8 = 1;
    // SAFETY: read on the PHP thread.
    unsafe { (*globals()).flags & IN_SHUTDOWN != 0 }
}

/// Whether the running internal function was called by a method `__destruct`.
pub fn called_by_destructor() -> bool {
    // SAFETY: frames below the running one are alive; a name is a live string.
    unsafe {
        let caller = (*globals()).current_execute_data.as_ref().and_then(|frame| frame.prev_execute_data.as_ref());
        let function = caller.and_then(|caller| caller.func.as_ref());
        let name = function.and_then(|function| function.common.function_name.as_ref());
        name.is_some_and(|name| name.as_bytes() == b"__destruct")
    }
}

/// The error that ended the script, if one did: its message, file and line.
pub fn last_fatal_error() -> Option<(String, String, i32)> {
    unsafe extern "C" {
        /// shim.c: false when there is none.
        fn steelwool_last_fatal_error(
            message: *mut *const std::ffi::c_char,
            file: *mut *const std::ffi::c_char,
            line: *mut std::ffi::c_int,
        ) -> bool;
    }
    let (mut message, mut file, mut line) = (std::ptr::null(), std::ptr::null(), 0);
    // SAFETY: fills three places of ours with C strings that live until the next error; both are copied at once.
    unsafe {
        steelwool_last_fatal_error(&mut message, &mut file, &mut line).then(|| {
            let text = |text| CStr::from_ptr(text).to_string_lossy().into_owned();
            (text(message), text(file), line)
        })
    }
}

/// Whether PHP runs as a command, not inside a web server.
pub fn sapi_is_cli() -> bool {
    // SAFETY: set before modules start; its name is a constant C string.
    let name = unsafe { CStr::from_ptr((*sys::ext_php_rs_sapi_module()).name) };
    matches!(name.to_bytes(), b"cli" | b"phpdbg" | b"embed" | b"micro")
}

/// Whether PHP is a command of its own, whose process ends with the script.
pub fn sapi_is_command() -> bool {
    // SAFETY: as above.
    let name = unsafe { CStr::from_ptr((*sys::ext_php_rs_sapi_module()).name) };
    matches!(name.to_bytes(), b"cli" | b"micro")
}

/// Ends the process with the script's exit code, without anything that PHP does at its end.
pub fn leave() -> ! {
    // SAFETY: flushes what libc buffers, and reads a number.
    unsafe { sys::steelwool_leave() }
}

/// Warns while PHP starts.
pub fn core_warning(text: &str) {
    let text = c_string(text);
    // SAFETY: a constant format with one string argument.
    unsafe { sys::zend_error(sys::E_CORE_WARNING as i32, c"%s".as_ptr(), text.as_ptr()) };
}

/// Reports the pending exception, if any, as an uncaught one at `level` (an `E_*` value), and forgets it.
pub fn report_exception(level: u32) {
    // SAFETY: reporting consumes the exception; a user's error handler may have thrown another, which nobody could catch.
    unsafe {
        if exception_pending() {
            sys::steelwool_report_exception(level as i32);
        }
        if exception_pending() {
            sys::zend_clear_exception();
        }
    }
}

/// Gives what PHP's heap and the C heap have free back to the system. Takes milliseconds.
pub fn trim_heaps() {
    // SAFETY: both only look for free pages; called between PHP functions, on the PHP thread.
    unsafe {
        zend_mm_gc(zend_mm_get_heap());
        #[cfg(target_env = "gnu")]
        libc::malloc_trim(0);
    }
}

unsafe extern "C" {
    fn zend_mm_get_heap() -> *mut std::ffi::c_void;
    fn zend_mm_gc(heap: *mut std::ffi::c_void) -> usize;
}

/// Runs `body`; a Rust panic in it becomes a PHP `Error`.
pub fn catch_panic(body: impl FnOnce()) {
    if let Err(panic) = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)) {
        throw_panic(panic.as_ref());
    }
}

/// Turns a caught Rust panic into a PHP `Error`, unless an exception is already on its way.
fn throw_panic(panic: &(dyn Any + Send)) {
    if exception_pending() {
        return;
    }
    let text = panic
        .downcast_ref::<&str>()
        .map(|s| (*s).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "unknown".to_owned());
    let text = c_string(&format!("steelwool internal error: {text}"));
    // SAFETY: `zend_ce_error` is the engine's `Error`; constant format.
    unsafe { sys::zend_throw_error(sys::zend_ce_error, c"%s".as_ptr(), text.as_ptr()) };
}

/// `(int) $value`.
pub fn to_long(value: &Zval) -> i64 {
    // SAFETY: reads a live value; objects may run a handler of theirs.
    unsafe { sys::zval_get_long_func(std::ptr::from_ref(value).cast_mut(), false) }
}

/// `(float) $value`.
pub fn to_double(value: &Zval) -> f64 {
    // SAFETY: as above.
    unsafe { sys::zval_get_double_func(std::ptr::from_ref(value).cast_mut()) }
}

/// A number of bytes: an int, or text such as `2M` as in php.ini.
///
/// # Errors
/// The engine's words on text that is not a quantity.
pub fn to_size(value: &Zval) -> Result<i64, String> {
    let Some(text) = value.zend_str() else { return Ok(to_long(value)) };
    let mut error = std::ptr::null_mut();
    // SAFETY: reads a live string; the error's text is ours.
    unsafe {
        let size = sys::zend_ini_parse_quantity(std::ptr::from_ref(text).cast_mut(), &mut error);
        if error.is_null() {
            return Ok(size);
        }
        let words = text::Text::from_raw(error);
        Err(String::from_utf8_lossy(words.as_bytes()).into_owned())
    }
}

/// How many hold what `value` refers to; 0 for plain values.
pub fn reference_count(value: &Zval) -> i64 {
    // SAFETY: the type says whether there is a count.
    unsafe { if value.u1.v.type_flags == 0 { 0 } else { i64::from((*value.value.counted).gc.refcount) } }
}

/// Ends the request with this exit status as a fatal error does, from the trampoline of the running function.
pub fn end_request(status: i32) {
    // SAFETY: a plain write on the PHP thread.
    unsafe { (*globals()).exit_status = status };
    request_bailout();
}

/// A PHP string value of `bytes`.
#[inline]
pub fn string(bytes: &[u8]) -> Zval {
    text::Text::new(bytes).into()
}

/// What error messages call the type of `value`.
pub fn type_name(value: &Zval) -> &'static str {
    // SAFETY: returns one of the engine's constant names.
    unsafe { CStr::from_ptr(sys::zend_zval_type_name(value)) }.to_str().unwrap_or("unknown")
}

/// A PHP int value.
#[inline]
pub fn long(number: i64) -> Zval {
    let mut value = Zval::new();
    value.value.lval = number;
    value.u1.type_info = sys::IS_LONG;
    value
}

/// A PHP float value.
#[inline]
pub fn float(number: f64) -> Zval {
    let mut value = Zval::new();
    value.value.dval = number;
    value.u1.type_info = sys::IS_DOUBLE;
    value
}

/// Puts a value in the place of another one, which is released after that if it needs to be.
#[inline]
pub fn put(place: &mut Zval, value: Zval) {
    let old = std::mem::replace(place, value);
    // SAFETY: every view of the type is the same word.
    if unsafe { old.u1.v.type_flags } == 0 {
        // nothing is counted: there is nothing to release
        std::mem::forget(old);
    }
}

/// A PHP bool value.
#[inline]
pub fn boolean(yes: bool) -> Zval {
    let mut value = Zval::new();
    value.u1.type_info = if yes { sys::IS_TRUE } else { sys::IS_FALSE };
    value
}

/// Writes to PHP's output, through its buffers.
pub fn write(text: &str) {
    // SAFETY: the engine copies the bytes.
    unsafe { sys::php_output_write(text.as_ptr().cast(), text.len()) };
}
