//! The options of `Server::set()`, read into `server::settings`.

use super::Server;
use crate::classes::settings::{self, find, size};
use crate::classes::{ce, coroutine, errors, slots::swoole_server as slot};
use crate::coroutine::engine;
use crate::io::process;
use crate::log;
use crate::server::settings::{Settings, TaskQueue};
use crate::zend;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::callable::{self, Callable};
use crate::zend::object;
use crate::zend::text::Text;
use ext_php_rs::types::{ZendHashTable, Zval};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A `max_request` below this is obeyed to the number unless a grace is given.
const LEAST_WITH_GRACE: i64 = 10;

/// No path is as long as this.
const LONGEST_PATH: usize = libc::PATH_MAX as usize;
/// Longest name of the folder for long tasks; with that of a file it has 255 bytes.
const LONGEST_TASK_FOLDER: usize = 236;
/// Connections of a server that was told nothing, and the most that one can have.
const USUAL_CONNECTIONS: usize = 100_000;
const MOST_CONNECTIONS: usize = 1 << 20;

fn truth(given: &ZendHashTable, names: &[&str]) -> Option<bool> {
    find(given, names).map(Zval::coerce_to_bool)
}

fn number(given: &ZendHashTable, name: &str) -> Option<i64> {
    find(given, &[name]).map(zend::to_long)
}

fn count(given: &ZendHashTable, name: &str) -> Option<i64> {
    number(given, name).map(|number| number.clamp(0, i64::from(u32::MAX)))
}

fn bytes(given: &ZendHashTable, name: &str) -> Result<Option<Vec<u8>>, Thrown> {
    Ok(find(given, &[name]).map(Text::of).transpose()?.map(|text| text.as_bytes().to_vec()))
}

/// Changes what is set; false after a warning about an option that cannot be followed.
///
/// # Errors
/// A value cannot be converted.
pub(super) fn apply(server: &Server, given: &ZendHashTable) -> Result<bool, Thrown> {
    settings::set_global(given)?;
    coroutine::apply(given)?;
    settings::set_asynchronous(given)?;
    // Read first, so that no PHP code runs while the settings are borrowed.
    let mut new = server.settings().clone();
    processes(&mut new, given)?;
    requests(&mut new, given);
    if !events(&mut new, server, given) || !values(given) {
        return Ok(false);
    }
    *server.settings_mut() = new;
    Ok(true)
}

fn processes(new: &mut Settings, given: &ZendHashTable) -> Return {
    for (name, place) in [("chroot", &mut new.chroot), ("user", &mut new.user), ("group", &mut new.group)] {
        if let Some(text) = bytes(given, name)? {
            *place = Some(text).filter(|text| !text.is_empty());
        }
    }
    if let Some(name) = bytes(given, "pid_file")? {
        new.pid_file = Some(name).filter(|name| !name.is_empty());
    }
    if let Some(on) = truth(given, &["daemonize"]) {
        new.daemonize = on;
    }
    if let Some(workers) = count(given, "worker_num") {
        new.worker_num = if workers == 0 { process::processors() } else { workers as usize };
    }
    if let Some(reactors) = number(given, "reactor_num") {
        new.reactor_num = reactors.clamp(0, u16::MAX.into()) as usize;
    }
    if let Some(tasks) = count(given, "task_worker_num") {
        new.task_worker_num = tasks as usize;
    }
    if let Some(seconds) = count(given, "max_wait_time") {
        new.max_wait_time = seconds as u64;
    }
    if let Some(on) = truth(given, &["reload_async"]) {
        new.reload_async = on;
    }
    if let Some(mode) = count(given, "task_ipc_mode") {
        new.task_queue = match mode {
            2 => TaskQueue::Messages,
            3 => TaskQueue::Shared,
            _ => TaskQueue::Bus,
        };
    }
    if let Some(key) = count(given, "message_queue_key") {
        new.message_queue_key = key as i32;
    }
    if let Some(folder) = bytes(given, "task_tmpdir")? {
        new.task_tmpdir = task_folder(folder).or(new.task_tmpdir.take());
    }
    if let Some(on) = truth(given, &["open_cpu_affinity"]) {
        new.open_cpu_affinity = on;
    }
    if let Some(ignored) = find(given, &["cpu_affinity_ignore"]).and_then(Zval::array) {
        let all = process::processors();
        if ignored.len() >= all {
            errors::fatal(&format!("cpu_affinity_ignore num must be less than cpu num ({all})"));
            return Err(Thrown);
        }
        let ignored: Vec<i64> = ignored.iter().map(|(_, value)| zend::to_long(value)).collect();
        new.processors = (0..all).filter(|number| !ignored.contains(&(*number as i64))).collect();
    }
    Ok(())
}

/// The folder for long tasks if it is there, or can be made; else the log says why not.
fn task_folder(folder: Vec<u8>) -> Option<Vec<u8>> {
    const ORIGIN: &str = "swoole_set_task_tmpdir()";
    if folder.is_empty() {
        return None;
    }
    let path = Path::new(OsStr::from_bytes(&folder));
    if !path.is_absolute() {
        log::warning(ORIGIN, &format!("wrong absolute path '{}'", path.display()));
        return None;
    }
    if let Err(error) = std::fs::create_dir_all(path) {
        let (text, number) = (format!("mkdir('{}') failed", path.display()), error.raw_os_error().unwrap_or(0));
        log::system_warning("swoole_mkdir_recursive()", &text, number);
        log::warning(ORIGIN, &format!("create task tmp dir('{}') failed", path.display()));
        return None;
    }
    if folder.len() > LONGEST_TASK_FOLDER {
        log::warning(ORIGIN, "task tmp_dir is too large, the max size is '255'");
        return None;
    }
    Some(folder)
}

/// So many connections as are possible of what was asked for; 0 stands for the usual number.
fn most_connections(asked: usize) -> usize {
    let descriptors = super::descriptors();
    let mut most = match asked {
        0 => descriptors.min(USUAL_CONNECTIONS),
        asked => asked,
    };
    if most > MOST_CONNECTIONS {
        most = MOST_CONNECTIONS;
        let words = format!("max_connection is exceed the SW_SESSION_LIST_SIZE, it's reset to {most}");
        log::warning("Server::set_max_connection()", &words);
    }
    if most > descriptors {
        most = descriptors;
        let words = format!("max_connection is exceed the maximum value, it's reset to {most}");
        log::warning("Server::set_max_connection()", &words);
    }
    most
}

fn requests(new: &mut Settings, given: &ZendHashTable) {
    let grace =
        |name: &str, most: i64| count(given, name).unwrap_or(if most > LEAST_WITH_GRACE { most / 2 } else { 0 });
    if let Some(most) = count(given, "max_request") {
        (new.max_request, new.max_request_grace) = (most, grace("max_request_grace", most));
    }
    if let Some(most) = count(given, "task_max_request") {
        (new.task_max_request, new.task_max_request_grace) = (most, grace("task_max_request_grace", most));
    }
    if let Some(most) = find(given, &["max_connection", "max_conn"]).map(zend::to_long) {
        new.max_connection = most_connections(usize::try_from(most).unwrap_or(0));
    }
    if let Some(most) = size(given, &["output_buffer_size", "buffer_output_size"]) {
        new.output_buffer_size = u32::try_from(most.max(0)).unwrap_or(u32::MAX);
    }
    if let Some(most) = number(given, "max_concurrency") {
        new.max_concurrency = u32::try_from(most.max(1)).unwrap_or(u32::MAX);
        if new.worker_max_concurrency == u32::MAX {
            new.worker_max_concurrency = new.max_concurrency;
        }
    }
    if let Some(start) = number(given, "start_session_id") {
        new.start_session_id = start;
    }
    if let Some(most) = number(given, "worker_max_concurrency") {
        new.worker_max_concurrency = u32::try_from(most.max(1)).unwrap_or(u32::MAX);
    }
    if let Some(seconds) = number(given, "heartbeat_check_interval") {
        new.heartbeat_check_interval = seconds.clamp(0, i64::from(u16::MAX)) as u64;
    } else if let Some(seconds) = number(given, "heartbeat_idle_time") {
        new.heartbeat_check_interval = if seconds > 2 { seconds as u64 / 2 } else { 1 };
    }
}

fn events(new: &mut Settings, server: &Server, given: &ZendHashTable) -> bool {
    let set = |place: &mut bool, names: &[&str]| {
        if let Some(on) = truth(given, names) {
            *place = on;
        }
    };
    new.enable_coroutine = truth(given, &["enable_coroutine"]).unwrap_or_else(engine::callbacks_in_coroutines);
    if let Some(seconds) = find(given, &["send_timeout"]).map(zend::to_double) {
        new.send_timeout = seconds;
    }
    if let Some(mode) = number(given, "dispatch_mode") {
        new.dispatch_mode = mode.clamp(0, 255);
    }
    match truth(given, &["send_yield"]) {
        Some(on) => {
            new.send_yield = on;
            if on && ![2, 4].contains(&new.dispatch_mode) {
                errors::notice("'send_yield' option can only be set when using dispatch_mode=2/4");
                new.send_yield = false;
            }
        }
        None => new.send_yield = new.enable_coroutine,
    }
    if let Some(value) = find(given, &["dispatch_func"]) {
        match Callable::new(value) {
            Some(found) => server.set_dispatch(found),
            None => errors::warn(&format!("function '{}' is not callable", callable::name(value))),
        }
    }
    set(&mut new.discard_timeout_request, &["discard_timeout_request"]);
    set(&mut new.enable_unsafe_event, &["enable_unsafe_event"]);
    set(&mut new.enable_delay_receive, &["enable_delay_receive"]);
    set(&mut new.enable_reuse_port, &["enable_reuse_port"]);
    set(&mut new.task_object, &["task_use_object", "task_object"]);
    set(&mut new.event_object, &["event_object"]);
    new.task_object |= new.event_object;
    set(&mut new.task_enable_coroutine, &["task_enable_coroutine"]);
    if new.task_enable_coroutine && new.task_queue != TaskQueue::Bus {
        errors::fatal("cannot use msgqueue when `task_enable_coroutine` is enable");
        return false;
    }
    true
}

/// Options whose values are looked at here and used elsewhere.
fn values(given: &ZendHashTable) -> bool {
    for name in ["http_index_files", "http_compression_types", "compression_types"] {
        if find(given, &[name]).is_some_and(|value| !value.is_array()) {
            errors::fatal(&format!(
                "{} must be array",
                name.replace("compression_types", "http_compression_types").replace("http_http", "http")
            ));
            return false;
        }
    }
    if find(given, &["static_handler_locations"]).is_some_and(|value| !value.is_array()) {
        errors::fatal("static_handler_locations num must be array");
        return false;
    }
    if let Some(rules) = find(given, &["url_rewrite_rules"]) {
        let Some(rules) = rules.array() else {
            errors::fatal("The `url_rewrite_rules` must be array");
            return false;
        };
        if rules.iter().any(|(_, rule)| !rule.is_string()) {
            errors::fatal("The `replacement` must be string");
            return false;
        }
    }
    if find(given, &["document_root"]).and_then(Zval::zend_str).is_some_and(|root| root.len() >= LONGEST_PATH) {
        errors::fatal(&format!("The length of document_root must be less than {LONGEST_PATH}"));
        return false;
    }
    if let Some(folder) = find(given, &["upload_tmp_dir"]).and_then(Zval::string)
        && (folder.is_empty() || std::fs::create_dir_all(&folder).is_err())
    {
        errors::fatal(&format!("Unable to create upload_tmp_dir[{folder}]"));
        return false;
    }
    for names in [
        &["upload_max_filesize"][..],
        &["http_compression_min_length", "compression_min_length"],
        &["input_buffer_size", "buffer_input_size"],
        &["max_queued_bytes"],
    ] {
        // Says by itself what is no size.
        let _ = size(given, names);
    }
    true
}

/// Merges what was given into the property `setting`.
pub(super) fn merge(this: &mut ext_php_rs::types::ZendObject, index: usize, given: &ZendHashTable) {
    let mut merged = object::slot(this, index).array().map_or_else(Array::new, Array::copy_of);
    merged.merge(given);
    object::set_slot(this, index, Zval::from(merged));
}

/// `set(array $settings): bool`
pub fn set(call: &mut Call<'_>) -> Return {
    let server = super::constructed(call)?;
    if server.is_started() {
        let class = super::class_name(call);
        errors::warn(&format!("server is running, unable to execute {class}->set"));
        return call.return_bool(false);
    }
    let given = call.array_arg(0)?;
    if !apply(server, given)? {
        return call.return_bool(false);
    }
    let first = server.port_values().first().map(Zval::shallow_clone);
    if let Some(first) = first {
        let mut argument = Zval::new();
        argument.set_hashtable(given.to_owned());
        super::call_method(&first, "set", &[argument])?;
    }
    merge(call.this(), slot::SETTING, given);
    call.return_bool(true)
}

/// Has Swoole's library look at the names of options.
pub(super) fn check_names(given: &ZendHashTable) -> Return {
    if !zend::ini::boolean(c"swoole.enable_library") {
        return Ok(());
    }
    let Some(check) = Callable::new(&zend::string(b"Swoole\\Server\\Helper::checkOptions")) else {
        return zend::throw(ce::swoole_error(), "Swoole's library has no Swoole\\Server\\Helper", 0);
    };
    let mut argument = Zval::new();
    argument.set_hashtable(given.to_owned());
    check.call(&[argument]).map(drop)
}
