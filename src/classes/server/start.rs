//! `start()`: what is checked, and what all processes of the server share.

use super::events::{self, Event};
use super::plan::Refusal;
use super::running::{Running, running, set_running};
use super::{EXISTS, Server, Stage, call_method, connections, manager, master, plan, port, task_queue, worker};
use crate::classes::{ce, constants as c, errors, event, settings as reading, slots::swoole_server as slot};
use crate::coroutine::engine;
use crate::io::process;
use crate::log;
use crate::server::board::Board;
use crate::server::bus::Bus;
use crate::server::layout::{Layout, Mode};
use crate::server::listen::Kind;
use crate::server::settings::Settings;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::objects;
use crate::zend::{self, object};
use ext_php_rs::types::{ZendObject, Zval};
use std::os::fd::AsRawFd;
use std::rc::Rc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{SystemTime, UNIX_EPOCH};

/// `start(): bool`
pub fn start(call: &mut Call<'_>) -> Return {
    let server = super::constructed(call)?;
    let class = super::class_name(call);
    let refusal = match server.stage.get() {
        Stage::Started => Some(format!("The server is running, unable to execute {class}->start()")),
        Stage::Over => Some(format!("The server have been shutdown, unable to execute {class}->start()")),
        Stage::Made if engine::loop_running() || engine::active() || event::is_made() => {
            Some(format!("The event-loop has already been created, unable to start {class}"))
        }
        Stage::Made => None,
    };
    if let Some(refusal) = refusal {
        errors::warn(&refusal);
        return call.return_bool(false);
    }
    let settings = limited(server);
    show_settings(call.this(), &settings);
    check_callbacks(call, server)?;
    if settings.task_worker_num > 0 && !server.has(Event::Task) {
        let words = "require 'onTask' callback";
        log::error(log::WARNING, "Server::start_check()", errors::SERVER_INVALID_CALLBACK, words.as_bytes());
        let number = errors::SERVER_INVALID_CALLBACK;
        errors::fatal(&format!("failed to start server. Error: Server::start_check() (ERRNO {number}): {words}"));
        return Err(Thrown);
    }
    tell_what_is_not_told(call, server, &settings);
    if settings.daemonize {
        become_daemon();
    }
    let this = call.this_value();
    let running = match prepare(this, server, settings) {
        Ok(running) => Rc::new(running),
        Err(Refusal::Thrown) => return Err(Thrown),
        Err(Refusal::System(error)) => {
            let words = errors::text(error.raw_os_error().unwrap_or(0));
            errors::fatal(&format!("failed to start server. Error: {words}"));
            return Err(Thrown);
        }
    };
    server.stage.set(Stage::Started);
    server.port_values().iter().filter_map(|port| port::of(port).ok()).for_each(port::Port::start);
    set_running(Some(Rc::clone(&running)));
    errors::set_last(0);
    write_pid(&running);
    let in_coroutines = engine::callbacks_in_coroutines();
    engine::set_callbacks_in_coroutines(running.settings.enable_coroutine);
    let outcome = live(&running);
    engine::set_callbacks_in_coroutines(in_coroutines);
    outcome?;
    log::set_process('%', 0);
    end(server, &running);
    call.return_bool(true)
}

/// Runs the server in this process, and whatever it forks in those.
fn live(running: &Rc<Running>) -> Return {
    match running.layout.mode {
        Mode::Base if running.single => worker::run_alone(running),
        Mode::Base => manager::run(running),
        Mode::Process => master::run(running),
    }
}

/// The server has ended, in the process that started it.
fn end(server: &Server, running: &Rc<Running>) {
    server.stage.set(Stage::Over);
    event::is_over();
    server.ids.set((running.master(), running.manager()));
    server.port_values().iter().filter_map(|port| port::of(port).ok()).for_each(port::Port::close);
    EXISTS.set(false);
    events::invoke(running, Event::Shutdown, &[]);
    if let Some(name) = &running.settings.pid_file {
        // It may be gone already.
        let _ = std::fs::remove_file(path(name));
    }
    running.queue.iter().for_each(task_queue::Queue::close);
    connections::uninstall();
    set_running(None);
}

fn path(name: &[u8]) -> &std::path::Path {
    std::path::Path::new(<std::ffi::OsStr as std::os::unix::ffi::OsStrExt>::from_bytes(name))
}

fn write_pid(running: &Running) {
    if let Some(name) = &running.settings.pid_file
        && let Err(error) = std::fs::write(path(name), process::id().to_string())
    {
        let text = format!("open('{}') failed", String::from_utf8_lossy(name));
        log::system_warning("file_put_contents()", &text, error.raw_os_error().unwrap_or(0));
    }
}

fn become_daemon() {
    // Swoole goes on in the foreground too when there is no room for another process; here the start fails later.
    let _ = process::daemon(false, true);
    log::take_output();
}

/// The settings, with numbers within what is possible.
fn limited(server: &Server) -> Settings {
    let last =
        server.port_values().last().and_then(|port| port::of(port).ok()?.listen().map(|it| it.socket().as_raw_fd()));
    let mut settings = server.settings_mut();
    for words in settings.limit(last.unwrap_or(0), process::processors(), super::descriptors()) {
        log::warning("Server::create()", &words);
    }
    if settings.enable_coroutine {
        settings.reload_async = true;
    }
    settings.clone()
}

/// Adds defaults to the property `setting`, and who is the master.
fn show_settings(this: &mut ZendObject, settings: &Settings) {
    let mut shown = object::slot(this, slot::SETTING).array().map_or_else(Array::new, Array::copy_of);
    let given = object::slot(this, slot::SETTING).array();
    for (name, value) in [
        ("worker_num", settings.worker_num as i64),
        ("task_worker_num", settings.task_worker_num as i64),
        ("output_buffer_size", i64::from(u32::MAX)),
        ("max_connection", settings.max_connection as i64),
    ] {
        if given.is_none_or(|given| given.get(name).is_none()) {
            shown.set(name, zend::long(value));
        }
    }
    object::set_slot(this, slot::SETTING, Zval::from(shown));
    object::set_slot(this, slot::MASTER_PID, i64::from(process::id()));
}

/// The option of a port, or of the server's array of settings.
fn option<'a>(port: &'a Zval, name: &str) -> Option<&'a Zval> {
    use crate::classes::slots::swoole_server_port as slot;
    let settings = object::slot(port.object()?, slot::SETTING).array()?;
    reading::find(settings, &[name])
}

fn speaks(port: &Zval, protocol: &str) -> bool {
    option(port, protocol).is_some_and(Zval::coerce_to_bool)
}

/// Ends the script, as Swoole does, when a callback is missing without which nothing could be served.
fn check_callbacks(call: &mut Call<'_>, server: &Server) -> Return {
    let ports: Vec<Zval> = server.port_values().iter().map(Zval::shallow_clone).collect();
    let this = call.this_value();
    let is_websocket = objects::is_a(&this, ce::swoole_websocket_server());
    let is_http = objects::is_a(&this, ce::swoole_http_server());
    let Some(first) = ports.first().map(port::of).transpose()? else { return Ok(()) };
    let has = |port: &port::Port, event: &str| port.callback(event).is_some() || first.callback(event).is_some();
    let lacks = |event: &str| -> Return {
        errors::fatal(&format!("require on{event} callback"));
        Err(Thrown)
    };
    if is_websocket {
        if !has(first, "message") {
            return lacks("Message");
        }
    } else if is_http && !has(first, "request") {
        return lacks("Request");
    }
    if is_http {
        for (name, on) in [
            ("open_http_protocol", true),
            ("open_mqtt_protocol", false),
            ("open_eof_check", false),
            ("open_length_check", false),
        ] {
            object::set_in_slot(call.this(), slot::SETTING, name.as_bytes(), zend::boolean(on));
        }
        if is_websocket || ports.first().is_some_and(|port| speaks(port, "open_websocket_protocol")) {
            object::set_in_slot(call.this(), slot::SETTING, b"open_websocket_protocol", zend::boolean(true));
        }
    }
    let is_redis = objects::is_a(&this, ce::swoole_redis_server());
    if is_redis {
        for (name, on) in [
            ("open_redis_protocol", true),
            ("open_http_protocol", false),
            ("open_mqtt_protocol", false),
            ("open_eof_check", false),
            ("open_length_check", false),
        ] {
            object::set_in_slot(call.this(), slot::SETTING, name.as_bytes(), zend::boolean(on));
        }
    }
    let shared = object::slot(call.this(), slot::SETTING).shallow_clone();
    for value in ports.iter().skip(1) {
        use crate::classes::slots::swoole_server_port as slot;
        if value.object().is_some_and(|port| object::slot(port, slot::SETTING).is_null()) {
            call_method(value, "set", &[shared.shallow_clone()])?;
        }
    }
    for (index, value) in ports.iter().enumerate() {
        let port = port::of(value)?;
        let kind = port.listen().map(|listen| listen.kind);
        if matches!(kind, Some(Kind::Udp | Kind::Udp6 | Kind::UnixDatagram)) {
            if !has(port, "packet") {
                return lacks("Packet");
            }
            continue;
        }
        let primary_http = index == 0 && is_http;
        let websocket = speaks(value, "open_websocket_protocol") || (index == 0 && is_websocket);
        let http =
            primary_http || websocket || speaks(value, "open_http_protocol") || speaks(value, "open_http2_protocol");
        if speaks(value, "open_http2_protocol") && ![2, 4].contains(&server.settings().dispatch_mode) {
            errors::fatal("server dispatch mode should be FDMOD(2) or IPMOD(4) if open_http2_protocol is true");
            return Err(Thrown);
        }
        if websocket && !has(port, "message") && !has(port, "receive") {
            return lacks("Message");
        }
        if http && !websocket && !has(port, "request") && !has(port, "receive") {
            return lacks("Request");
        }
        if http && !is_http && has(port, "request") {
            let class = super::class_name(call);
            errors::notice(&format!(
                "use {class} class and open http related protocols may lead to some errors (inconsistent class type)"
            ));
        }
        let redis = speaks(value, "open_redis_protocol") || (index == 0 && is_redis);
        if !http && !redis && !has(port, "receive") {
            return lacks("Receive");
        }
    }
    if option_of_server(call, "admin_server").is_some_and(|value| value.coerce_to_bool()) {
        return zend::throw(ce::swoole_error(), "admin_server is not in this release", 0);
    }
    Ok(())
}

/// Warns of callbacks that are not called, since what happens to a connection would come to several workers.
fn tell_what_is_not_told(call: &mut Call<'_>, server: &Server, settings: &Settings) {
    let fixed = [c::SWOOLE_DISPATCH_FDMOD, c::SWOOLE_DISPATCH_IPMOD, c::SWOOLE_DISPATCH_CO_CONN_LB];
    let mode = settings.dispatch_mode;
    let is_base = object::slot(call.this(), slot::MODE).long() != Some(Mode::Process as i64);
    if is_base || settings.enable_unsafe_event || fixed.contains(&mode) {
        return;
    }
    let ports = server.port_values();
    let ports: Vec<&port::Port> = ports.iter().filter_map(|port| port::of(port).ok()).collect();
    for event in ["onConnect", "onClose", "onBufferFull", "onBufferEmpty"] {
        let name = event[2..].to_ascii_lowercase();
        if ports.iter().any(|port| port.callback(&name).is_some()) {
            let words = format!("cannot set '{event}' event when using dispatch_mode={mode}");
            log::error(log::WARNING, "Server::start_check()", errors::SERVER_INVALID_CALLBACK, words.as_bytes());
        }
    }
}

fn option_of_server(call: &mut Call<'_>, name: &str) -> Option<Zval> {
    reading::find(object::slot(call.this(), slot::SETTING).array()?, &[name]).map(Zval::shallow_clone)
}

/// Makes what all processes share, before the first fork.
fn prepare(this: Zval, server: &Server, settings: Settings) -> Result<Running, Refusal> {
    let mode = match this.object().map(|this| object::slot(this, slot::MODE).long()) {
        Some(Some(2)) => Mode::Process,
        _ => Mode::Base,
    };
    let layout = Layout {
        mode,
        workers: settings.worker_num,
        tasks: settings.task_worker_num,
        users: server.users.borrow().len(),
    };
    // With a master, a worker may finish its requests beside its successor. Tasks that wait for a task worker are its successor's, in the
    // same inbox.
    let doubled = if mode == Mode::Process { layout.workers } else { 0 };
    let bus = Rc::new(Bus::with_successors(layout.processes(), doubled)?);
    let board = Rc::new(Board::new(&layout)?);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    board.counters.started.store(now.as_secs() as i64, Relaxed);
    for value in server.port_values().iter() {
        if let Some(listen) = port::of(value).ok().and_then(port::Port::listen) {
            if mode == Mode::Base && settings.enable_reuse_port {
                listen.share(settings.worker_num)?;
            }
            // Before the first fork, so that nobody is refused while workers come and go.
            listen.listen(plan::backlog(value))?;
        }
    }
    let helper = this
        .object()
        .and_then(|this| object::slot(this, slot::SETTING).array()?.get("stats_file").map(Zval::coerce_to_bool))
        .unwrap_or(false);
    let endpoint = plan::endpoint(&this, server, &settings, &layout, &bus, &board)?;
    let queue = task_queue::Queue::open(&settings, &layout)?;
    Ok(Running::new(this, settings, layout, bus, board, endpoint, helper).with_queue(queue))
}

/// A request ends in a worker that was not told to: a fatal error, or `exit`.
pub(crate) fn request_shutdown() {
    let Some(running) = running() else { return };
    if running.index().is_some() {
        worker::cut_short(&running);
    }
    connections::uninstall();
    set_running(None);
    EXISTS.set(false);
}
