//! The two module entries: `swoole`, which owns the API, and `steelwool`, which is this extension.
//!
//! PHP loads the library and asks [`get_module`] for `steelwool`; that registers `swoole` first, so that
//! `extension_loaded('swoole')` and `phpversion('swoole')` say what frameworks ask for, and reflection shows the classes as its.

use crate::classes::{self, API_VERSION};
use crate::coroutine::engine;
use crate::zend::module::{self, Module};
use crate::zend::{core_warning, ini};
use std::cell::Cell;
use std::ffi::CStr;

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

thread_local! {
    /// Whether the classes are registered.
    static ON: Cell<bool> = const { Cell::new(false) };
}

/// What PHP calls after loading the library.
#[unsafe(no_mangle)]
pub extern "C" fn get_module() -> module::Entry {
    if let Some(rival) = RIVALS.into_iter().find(|rival| module::loaded(rival)) {
        return module::conflicting_entry::<Steelwool>(rival);
    }
    if module::request_is_running() {
        return module::idle_entry::<Steelwool>();
    }
    module::add::<Swoole>();
    module::entry::<Steelwool>()
}

/// The module `swoole`: the API.
struct Swoole;

impl Module for Swoole {
    const NAME: &'static CStr = c"swoole";
    const VERSION: &'static CStr = API_VERSION;

    fn start(number: i32, _during_request: bool) {
        ini::register(&SETTINGS, number);
        if let Some(rival) = RIVALS.into_iter().find(|rival| *rival != Self::NAME && module::loaded(rival)) {
            let rival = rival.to_string_lossy();
            return core_warning(&format!(
                "steelwool: {rival} is loaded too and provides the same API; steelwool stays off"
            ));
        }
        if let Err(missing) = classes::register(number, ini::boolean(c"swoole.use_shortname")) {
            return core_warning(&format!("steelwool: {missing}; steelwool stays off"));
        }
        ON.set(true);
        classes::hook_exit();
        engine::watch_forks();
        classes::install_hooks();
        crate::zend::wrap::register_process(number);
        classes::library::register(number);
        crate::coroutine::autoload::install();
        crate::coroutine::preempt::install();
    }

    fn end(number: i32) {
        ini::unregister(number);
    }

    fn request_start() {
        if ON.get() {
            crate::zend::library::request_start();
        }
    }

    fn request_end() {
        if ON.get() {
            classes::request_shutdown();
            engine::request_shutdown();
            crate::hooks::request_end();
        }
    }

    fn info() -> Vec<(&'static str, String)> {
        vec![
            ("Swoole", state()),
            ("Provided by", concat!("Steelwool ", env!("CARGO_PKG_VERSION")).to_owned()),
            ("Version", API_VERSION.to_string_lossy().into_owned()),
        ]
    }
}

/// The module `steelwool`: this extension.
struct Steelwool;

impl Module for Steelwool {
    const NAME: &'static CStr = c"steelwool";
    const VERSION: &'static CStr = VERSION;

    fn start(_number: i32, during_request: bool) {
        if during_request {
            core_warning(
                "steelwool: dl() comes too late, load it with extension= in php.ini or with -d; steelwool stays off",
            );
        }
    }

    fn info() -> Vec<(&'static str, String)> {
        let crates = env!("STEELWOOL_CRATES");
        let tokio = crates.split(", ").find(|name| name.starts_with("tokio ")).unwrap_or("tokio");
        vec![
            ("Steelwool", state()),
            ("Version", env!("CARGO_PKG_VERSION").to_owned()),
            ("Swoole API", API_VERSION.to_string_lossy().into_owned()),
            ("Runtime", format!("{tokio}, one thread")),
            ("Coroutine stacks", engine::stack_mode()),
            ("Runtime hooks", crate::hooks::state()),
            ("Crates", crates.to_owned()),
        ]
    }
}

fn state() -> String {
    if ON.get() { "enabled" } else { "disabled" }.to_owned()
}
