//! The part of the surface that is written in PHP: compiled into the extension, parsed when it is first used.
//!
//! Classes arrive through the engine's autoloading, in front of PHP's own autoloaders, so they never suspend and no user code
//! runs before they are there. Functions are internal ones whose handler compiles the PHP function of that name and calls it in
//! its own place.

use super::class_loading::{self, Class};
use super::registry::{entry::Handler, steelwool_find_class};
use super::sys;
use ext_php_rs::types::ZendStr;
use std::ffi::{CStr, c_char};
use std::ptr;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

// library.c
unsafe extern "C" {
    fn steelwool_library_load(name: *const c_char, text: *const c_char, length: usize);
    fn steelwool_library_function(key: *const c_char, length: usize) -> *mut sys::zend_function;
    fn steelwool_library_call(
        frame: *mut sys::zend_execute_data,
        result: *mut sys::zval,
        function: *mut sys::zend_function,
    );
    fn steelwool_library_alias(name: *const c_char, length: usize, class: *mut sys::zend_class_entry) -> bool;
    fn steelwool_bind_early();
    fn steelwool_bind_early_behind_opcache();
    fn steelwool_asked_class(frame: *mut sys::zend_execute_data) -> *const ZendStr;
    fn steelwool_replace_handler(name: *const c_char, length: usize, handler: Handler) -> Option<Handler>;
}

/// A piece of PHP source.
pub struct Source {
    /// What stack traces call the file.
    pub name: &'static CStr,
    /// The source, with its opening tag.
    pub text: &'static str,
}

/// A class of the library, or another name of one.
pub struct LibraryClass {
    /// Its name in lower case.
    pub lower_name: &'static str,
    /// The file that declares it.
    pub source: usize,
    /// The name of the class itself, in lower case, when this is an alias.
    pub alias_of: Option<&'static str>,
    /// Whether it exists only while `swoole.use_shortname` is on.
    pub short: bool,
}

/// The whole library.
pub struct Library {
    /// Its files.
    pub sources: &'static [Source],
    /// Its classes and their aliases, sorted by name.
    pub classes: &'static [LibraryClass],
    /// Whether it is on for the request that begins.
    pub enabled: fn() -> bool,
    /// Whether short names exist.
    pub short_names: fn() -> bool,
}

static LIBRARY: OnceLock<&'static Library> = OnceLock::new();

/// Whether it was on at the start of the running request: later changes of the setting count from the next one on.
static ENABLED: AtomicBool = AtomicBool::new(false);

/// Makes the engine find the library's classes; once, at module start.
pub fn install(library: &'static Library) {
    if LIBRARY.set(library).is_err() {
        return;
    }
    class_loading::provide(provide);
    // SAFETY: module start: no PHP code has been compiled or runs.
    unsafe { steelwool_bind_early() };
    for (question, guard) in QUESTIONS.iter().zip([class_exists as Handler, interface_exists, trait_exists]) {
        // SAFETY: module start: no PHP code has been compiled or runs.
        let before = unsafe { steelwool_replace_handler(question.name.as_ptr(), question.name.count_bytes(), guard) };
        question.before.store(before.map_or(ptr::null_mut(), |handler| handler as *mut ()), Ordering::Relaxed);
    }
}

/// At the start of each request: asks whether the library is on. From the first one on, classes of scripts may have parents of the
/// library wherever they are declared, under opcache too.
pub fn request_start() {
    if let Some(library) = LIBRARY.get() {
        ENABLED.store((library.enabled)(), Ordering::Relaxed);
        // SAFETY: on the PHP thread, before the request's script is compiled.
        unsafe { steelwool_bind_early_behind_opcache() };
    }
}

/// Called by early_binding.c: whether the library has this class, which is loaded then.
///
/// # Safety
/// `lower_name` points to `length` bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn steelwool_library_provide(lower_name: *const c_char, length: usize) -> bool {
    // SAFETY: the caller's promise.
    let lower_name = unsafe { std::slice::from_raw_parts(lower_name.cast(), length) };
    class_loading::unknown(lower_name) && provide(lower_name).is_some()
}

/// The class of this lower-case name, loaded now, if the library has it.
fn provide(lower_name: &[u8]) -> Class {
    let Some(library) = LIBRARY.get() else { return Class::NONE };
    let Ok(index) = library.classes.binary_search_by(|class| class.lower_name.as_bytes().cmp(lower_name)) else {
        return Class::NONE;
    };
    let class = &library.classes[index];
    if !ENABLED.load(Ordering::Relaxed) || class.short && !(library.short_names)() {
        return Class::NONE;
    }
    let real_name = class.alias_of.unwrap_or(class.lower_name);
    let mut found = find(real_name);
    if found.is_null() {
        load(&library.sources[class.source]);
        found = find(real_name);
    }
    if found.is_null() {
        return Class::NONE;
    }
    if class.alias_of.is_some() {
        // SAFETY: `found` is a class of this request; the engine copies the name.
        unsafe { steelwool_library_alias(class.lower_name.as_ptr().cast(), class.lower_name.len(), found) };
    }
    class_loading::find(lower_name)
}

fn find(lower_name: &str) -> *mut sys::zend_class_entry {
    // SAFETY: looks a name up in the engine's table.
    unsafe { steelwool_find_class(lower_name.as_ptr().cast(), lower_name.len()) }
}

fn load(source: &Source) {
    // SAFETY: on the PHP thread, outside of the compiler; the engine copies name and text.
    unsafe { steelwool_library_load(source.name.as_ptr(), source.text.as_ptr().cast(), source.text.len()) };
}

/// Body of every function of the library: `key` is its lower-case name behind a NUL, `file` the source that declares it.
///
/// # Safety
/// `frame` and `result` come from the engine, for the internal function of that name.
pub unsafe fn call(frame: *mut sys::zend_execute_data, result: *mut sys::zval, key: &'static str, file: &CStr) {
    // No destructor lives here: a fatal error in the function longjmps through this frame.
    // SAFETY: as the caller promises; the key is copied, the function lives until the end of the request.
    unsafe {
        let find = || steelwool_library_function(key.as_ptr().cast(), key.len());
        let mut function = find();
        if function.is_null() {
            if let Some(source) = LIBRARY.get().and_then(|library| library.sources.iter().find(|s| s.name == file)) {
                load(source);
            }
            function = find();
        }
        if !function.is_null() {
            steelwool_library_call(frame, result, function);
        }
    }
    super::continue_bailout();
}

/// Defines `$name`, the C function behind one function of the library: its lower-case PHP name, and the file that declares it.
#[macro_export]
macro_rules! library_function {
    ($name:ident, $lower:literal, $file:literal) => {
        unsafe extern "C" fn $name(
            frame: *mut $crate::zend::sys::zend_execute_data,
            result: *mut $crate::zend::sys::zval,
        ) {
            const KEY: &str = concat!("\0", $lower);
            const FILE: &std::ffi::CStr = $file;
            // SAFETY: the engine calls it with a frame of this very function.
            unsafe { $crate::zend::library::call(frame, result, KEY, FILE) }
        }
    };
}

/// A function of PHP that asks whether a class is loaded. In Swoole the library's always are.
struct Question {
    name: &'static CStr,
    before: AtomicPtr<()>,
}

static QUESTIONS: [Question; 3] = [question(c"class_exists"), question(c"interface_exists"), question(c"trait_exists")];

const fn question(name: &'static CStr) -> Question {
    Question { name, before: AtomicPtr::new(ptr::null_mut()) }
}

unsafe extern "C" fn class_exists(frame: *mut sys::zend_execute_data, result: *mut sys::zval) {
    // SAFETY: the engine's frame.
    unsafe { ask(&QUESTIONS[0], frame, result) }
}

unsafe extern "C" fn interface_exists(frame: *mut sys::zend_execute_data, result: *mut sys::zval) {
    // SAFETY: the engine's frame.
    unsafe { ask(&QUESTIONS[1], frame, result) }
}

unsafe extern "C" fn trait_exists(frame: *mut sys::zend_execute_data, result: *mut sys::zval) {
    // SAFETY: the engine's frame.
    unsafe { ask(&QUESTIONS[2], frame, result) }
}

/// Loads the class that is asked for, if the library has it, and lets PHP answer.
///
/// # Safety
/// `frame` and `result` come from the engine, for the function that `question` names.
unsafe fn ask(question: &Question, frame: *mut sys::zend_execute_data, result: *mut sys::zval) {
    // SAFETY: the argument lives for the call; what was stored at module start is the function's own handler.
    unsafe {
        if let Some(name) = steelwool_asked_class(frame).as_ref() {
            let name = name.as_bytes();
            let mut lower = [0; 64];
            let name = name.strip_prefix(b"\\").unwrap_or(name);
            if let Some(lower) = lower.get_mut(..name.len())
                && name.len() > 2
            {
                lower.copy_from_slice(name);
                lower.make_ascii_lowercase();
                if class_loading::unknown(lower) {
                    provide(lower);
                }
            }
        }
        let before = question.before.load(Ordering::Relaxed);
        if !before.is_null() {
            std::mem::transmute::<*mut (), Handler>(before)(frame, result);
        }
    }
}
