//! The two module entries: `swoole`, which owns the API, and `steelwool`, which is this extension.
//!
//! PHP loads the library and asks [`get_module`] for `steelwool`; that registers `swoole` first, so that
//! `extension_loaded('swoole')` and `phpversion('swoole')` say what frameworks ask for, and reflection shows the classes as its.

use crate::classes::{self, API_VERSION};
use crate::coroutine::engine;
use crate::zend::{ini, registry, sys};
use std::ffi::{CStr, c_char, c_int};
use std::ptr;

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(version) => version,
    Err(_) => c"unknown",
};

/// Modules that provide the same names; neither loads beside the other.
const RIVALS: [&CStr; 2] = [c"swoole", c"openswoole"];

const fn setting(name: &'static CStr, default: &'static CStr, boolean: bool, changeable: bool) -> ini::Setting {
    ini::Setting { name, default, boolean, changeable }
}

/// Swoole's settings.
const SETTINGS: [ini::Setting; 10] = [
    setting(c"swoole.enable_library", c"On", true, true),
    setting(c"swoole.enable_fiber_mock", c"Off", true, true),
    setting(c"swoole.enable_preemptive_scheduler", c"Off", true, true),
    setting(c"swoole.display_errors", c"On", true, true),
    setting(c"swoole.use_shortname", c"On", true, false),
    setting(c"swoole.socket_buffer_size", c"8388608", false, true),
    setting(c"swoole.blocking_detection", c"Off", true, false),
    setting(c"swoole.blocking_threshold", c"100000", false, false),
    setting(c"swoole.profile", c"Off", true, false),
    setting(c"swoole.leak_detection", c"Off", true, false),
];

/// `zend_module_dep`.
#[repr(C)]
struct Dependency {
    name: *const c_char,
    relation: *const c_char,
    version: *const c_char,
    kind: u8,
}

const CONFLICTS: u8 = 2;

fn entry(name: &'static CStr, version: &'static CStr) -> sys::zend_module_entry {
    // SAFETY: a C struct of pointers and numbers; all-zero means "nothing", as in C's initialisers.
    let mut entry: sys::zend_module_entry = unsafe { std::mem::zeroed() };
    entry.size = size_of::<sys::zend_module_entry>() as u16;
    entry.zend_api = sys::ZEND_MODULE_API_NO;
    entry.zend_debug = sys::ZEND_DEBUG as u8;
    entry.zts = sys::USING_ZTS as u8;
    entry.name = name.as_ptr();
    entry.version = version.as_ptr();
    // SAFETY: a constant of the build.
    entry.build_id = unsafe { sys::ext_php_rs_php_build_id() };
    entry
}

/// What PHP calls after loading the library.
///
/// Beside the real Swoole (or Open Swoole) it returns an entry that declares the conflict: PHP then says in one line why it
/// does not load and goes on without it.
#[unsafe(no_mangle)]
pub extern "C" fn get_module() -> *mut sys::zend_module_entry {
    let mut steelwool = entry(c"steelwool", VERSION);
    if let Some(rival) = RIVALS.into_iter().find(|rival| registry::module_loaded(&rival.to_string_lossy())) {
        let conflict =
            Dependency { name: rival.as_ptr(), relation: ptr::null(), version: ptr::null(), kind: CONFLICTS };
        let end = Dependency { name: ptr::null(), relation: ptr::null(), version: ptr::null(), kind: 0 };
        steelwool.deps = Box::leak(Box::new([conflict, end])).as_ptr().cast();
        return Box::into_raw(Box::new(steelwool));
    }

    let mut swoole = entry(c"swoole", API_VERSION);
    swoole.module_startup_func = Some(swoole_startup);
    swoole.module_shutdown_func = Some(swoole_shutdown);
    swoole.request_startup_func = Some(request_startup);
    swoole.request_shutdown_func = Some(request_shutdown);
    swoole.info_func = Some(swoole_info);
    registry::add_module(swoole);

    steelwool.info_func = Some(steelwool_info);
    Box::into_raw(Box::new(steelwool))
}

const SUCCESS: c_int = 0;

/// MINIT: settings, then everything the stubs declare.
unsafe extern "C" fn swoole_startup(_kind: c_int, module_number: c_int) -> c_int {
    ini::register(&SETTINGS, module_number);
    if registry::module_loaded("openswoole") {
        core_warning("steelwool: openswoole is loaded too and provides the same API; steelwool stays off");
        return SUCCESS;
    }
    if let Err(missing) = classes::register(module_number, ini::boolean(c"swoole.use_shortname")) {
        core_warning(&format!("steelwool: {missing}"));
    }
    module_started();
    SUCCESS
}

/// MSHUTDOWN.
unsafe extern "C" fn swoole_shutdown(_kind: c_int, module_number: c_int) -> c_int {
    module_ends();
    ini::unregister(module_number);
    SUCCESS
}

/// RINIT.
unsafe extern "C" fn request_startup(_kind: c_int, _module_number: c_int) -> c_int {
    request_started();
    SUCCESS
}

/// RSHUTDOWN.
unsafe extern "C" fn request_shutdown(_kind: c_int, _module_number: c_int) -> c_int {
    request_ends();
    SUCCESS
}

/// Once per process, after every class is registered.
fn module_started() {
    classes::hook_exit();
    crate::coroutine::autoload::install();
}

/// Once per process, at its end.
fn module_ends() {}

/// At the start of a request (in the CLI: of the script).
fn request_started() {}

/// At the end of a request, after shutdown functions and before PHP frees its objects.
fn request_ends() {
    classes::request_shutdown();
    engine::request_shutdown();
}

fn core_warning(text: &str) {
    crate::zend::error(sys::E_CORE_WARNING as i32, text);
}

/// phpinfo of `swoole`.
unsafe extern "C" fn swoole_info(module: *mut sys::zend_module_entry) {
    table(&[
        ("Swoole", "enabled"),
        ("Provided by", concat!("Steelwool ", env!("CARGO_PKG_VERSION"))),
        ("Version", &API_VERSION.to_string_lossy()),
    ]);
    // SAFETY: the module that PHP asks about.
    unsafe { ini::display(module) };
}

/// phpinfo of `steelwool`.
unsafe extern "C" fn steelwool_info(_module: *mut sys::zend_module_entry) {
    let crates = env!("STEELWOOL_CRATES");
    let tokio = crates.split(", ").find(|name| name.starts_with("tokio ")).unwrap_or("tokio");
    table(&[
        ("Steelwool", "enabled"),
        ("Version", env!("CARGO_PKG_VERSION")),
        ("Swoole API", &API_VERSION.to_string_lossy()),
        ("Runtime", &format!("{tokio}, one thread")),
        ("Coroutine stacks", &engine::stack_mode()),
        ("Runtime hooks", "off: not in this release"),
        ("Crates", crates),
    ]);
}

fn table(rows: &[(&str, &str)]) {
    // SAFETY: PHP is printing its info; rows are pairs of C strings, which it copies out at once.
    unsafe {
        sys::php_info_print_table_start();
        for (index, (name, value)) in rows.iter().enumerate() {
            let (name, value) = (crate::zend::c_string(name), crate::zend::c_string(value));
            if index == 0 {
                sys::php_info_print_table_header(2, name.as_ptr(), value.as_ptr());
            } else {
                sys::php_info_print_table_row(2, name.as_ptr(), value.as_ptr());
            }
        }
        sys::php_info_print_table_end();
    }
}
