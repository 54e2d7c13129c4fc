//! Module entries: how PHP learns of an extension, starts it and asks it about itself.

use super::{c_string, catch_panic, registry, sys};
use std::ffi::{CStr, c_char, c_int};
use std::ptr;

/// A module of PHP. Each function is called by PHP at the moment of its name, on the PHP thread.
pub trait Module: 'static {
    /// Its name in `extension_loaded()`, lower-case.
    const NAME: &'static CStr;
    /// Its version in `phpversion()`.
    const VERSION: &'static CStr;

    /// Once per process, `number` being the module's; `during_request` when `dl()` loads it.
    fn start(_number: i32, _during_request: bool) {}

    /// Once per process, at its end.
    fn end(_number: i32) {}

    /// At the start of a request (in the CLI: of the script).
    fn request_start() {}

    /// At the end of a request, after shutdown functions and before PHP frees its objects.
    fn request_end() {}

    /// What phpinfo shows, the first row as a header; settings follow by themselves.
    fn info() -> Vec<(&'static str, String)>;
}

/// What `get_module` returns.
pub type Entry = *mut sys::zend_module_entry;

/// The entry of `M`; never freed.
pub fn entry<M: Module>() -> Entry {
    Box::into_raw(Box::new(describe::<M>()))
}

/// The entry of `M` with nothing but its name and `start`.
pub fn idle_entry<M: Module>() -> Entry {
    let mut entry = bare::<M>();
    entry.module_startup_func = Some(start::<M>);
    Box::into_raw(Box::new(entry))
}

/// An entry of `M` that declares a conflict with `rival`, which is loaded: PHP says so in one line and goes on without `M`.
pub fn conflicting_entry<M: Module>(rival: &'static CStr) -> Entry {
    /// `zend_module_dep`.
    #[repr(C)]
    struct Dependency {
        name: *const c_char,
        relation: *const c_char,
        version: *const c_char,
        kind: u8,
    }
    const CONFLICTS: u8 = 2;
    let dependency = |name, kind| Dependency { name, relation: ptr::null(), version: ptr::null(), kind };
    let mut entry = bare::<M>();
    let list = Box::new([dependency(rival.as_ptr(), CONFLICTS), dependency(ptr::null(), 0)]);
    entry.deps = Box::leak(list).as_ptr().cast();
    Box::into_raw(Box::new(entry))
}

/// Adds `M` beside the module that PHP is loading; PHP starts it with the others.
pub fn add<M: Module>() {
    registry::add_module(describe::<M>());
}

/// Whether a module of this name is loaded.
pub fn loaded(name: &CStr) -> bool {
    registry::module_loaded(&name.to_string_lossy())
}

/// Whether PHP is running a request already, so that a module being loaded now comes from `dl()`.
pub fn request_is_running() -> bool {
    // SAFETY: NTS build: the engine's globals are a static of the process.
    unsafe { (*sys::ext_php_rs_process_globals()).modules_activated }
}

fn bare<M: Module>() -> sys::zend_module_entry {
    // SAFETY: a C struct of pointers and numbers; all-zero means "nothing", as in C's initialisers.
    let mut entry: sys::zend_module_entry = unsafe { std::mem::zeroed() };
    entry.size = size_of::<sys::zend_module_entry>() as u16;
    entry.zend_api = sys::ZEND_MODULE_API_NO;
    entry.zend_debug = sys::ZEND_DEBUG as u8;
    entry.zts = sys::USING_ZTS as u8;
    entry.name = M::NAME.as_ptr();
    entry.version = M::VERSION.as_ptr();
    // SAFETY: a constant of the build.
    entry.build_id = unsafe { sys::ext_php_rs_php_build_id() };
    entry
}

fn describe<M: Module>() -> sys::zend_module_entry {
    let mut entry = bare::<M>();
    entry.module_startup_func = Some(start::<M>);
    entry.module_shutdown_func = Some(end::<M>);
    entry.request_startup_func = Some(request_start::<M>);
    entry.request_shutdown_func = Some(request_end::<M>);
    entry.info_func = Some(info::<M>);
    entry
}

const SUCCESS: c_int = 0;

unsafe extern "C" fn start<M: Module>(kind: c_int, number: c_int) -> c_int {
    const TEMPORARY: c_int = 2;
    catch_panic(|| M::start(number, kind == TEMPORARY));
    SUCCESS
}

unsafe extern "C" fn end<M: Module>(_kind: c_int, number: c_int) -> c_int {
    catch_panic(|| M::end(number));
    SUCCESS
}

unsafe extern "C" fn request_start<M: Module>(_kind: c_int, _number: c_int) -> c_int {
    catch_panic(M::request_start);
    SUCCESS
}

unsafe extern "C" fn request_end<M: Module>(_kind: c_int, _number: c_int) -> c_int {
    catch_panic(M::request_end);
    SUCCESS
}

unsafe extern "C" fn info<M: Module>(module: *mut sys::zend_module_entry) {
    // SAFETY: PHP is printing its info about `module`; the rows are pairs of C strings, which it copies out at once.
    unsafe {
        sys::php_info_print_table_start();
        for (index, (name, value)) in M::info().into_iter().enumerate() {
            let (name, value) = (c_string(name), c_string(&value));
            if index == 0 {
                sys::php_info_print_table_header(2, name.as_ptr(), value.as_ptr());
            } else {
                sys::php_info_print_table_row(2, name.as_ptr(), value.as_ptr());
            }
        }
        sys::php_info_print_table_end();
        super::ini::display(module);
    }
}
