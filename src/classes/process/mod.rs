//! `Swoole\Process`: a child made by a fork, and what joins it to its parent.

mod outbox;
mod pipe;
pub mod pool;
mod queue;
pub(crate) mod signal;
mod system;

pub use pipe::{close, export_socket, read, set_blocking, set_timeout, write};
pub use queue::{free_queue, pop, push, stat_queue, use_queue};
pub use signal::signal;
pub(crate) use system::exit_array;
pub use system::{alarm, daemon, exec, get_affinity, get_priority, kill, name, set_affinity, set_priority, wait};

use crate::classes::{ce, coroutine, errors, slots::swoole_process as slot};
use crate::coroutine::engine;
use crate::io::message_queue::MessageQueue;
use crate::io::pipe::{Kind, Pipe};
use crate::io::process::{self, Side};
use crate::log;
use crate::native_handlers;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::callable::{self, Callable};
use crate::zend::object::{self, Native};
use crate::zend::{self, ini, sys};
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};
use std::io;
use std::os::fd::{AsRawFd, RawFd};
use std::rc::Rc;
use std::time::Duration;

/// The descriptors that `redirect_stdin_and_stdout` replaces.
const STANDARD: std::ops::RangeInclusive<RawFd> = 0..=2;

/// The Rust half of a process object.
pub struct Process {
    ready: Cell<bool>,
    id: Cell<i64>,
    pid: Cell<i32>,
    redirects: Cell<bool>,
    kind: Cell<Kind>,
    coroutine: Cell<bool>,
    pipe: RefCell<Option<Pipe>>,
    /// The end of the pipe that this process uses.
    fd: Cell<Option<RawFd>>,
    waits: Cell<bool>,
    limit: Cell<Option<Duration>>,
    queue: RefCell<Option<Rc<MessageQueue>>>,
    /// Whether every process takes the messages of every other.
    balanced: Cell<bool>,
    /// What `exportSocket()` made, and of which end of the pipe.
    exported: RefCell<Option<(RawFd, Zval)>>,
}

impl Native for Process {
    native_handlers!();

    fn new() -> Self {
        Self {
            ready: Cell::new(false),
            id: Cell::new(0),
            pid: Cell::new(0),
            redirects: Cell::new(false),
            kind: Cell::new(Kind::Datagram),
            coroutine: Cell::new(false),
            pipe: RefCell::new(None),
            fd: Cell::new(None),
            waits: Cell::new(true),
            limit: Cell::new(None),
            queue: RefCell::new(None),
            balanced: Cell::new(true),
            exported: RefCell::new(None),
        }
    }

    fn visit(&self, visit: &mut dyn FnMut(&Zval)) {
        if let Some((_, socket)) = &*self.exported.borrow() {
            visit(socket);
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A pool's pipes stay open.
        if self.pipe.borrow().is_some()
            && let Some(fd) = self.fd.get()
        {
            outbox::forget(fd);
        }
    }
}

thread_local! {
    /// Number of the next process object.
    static NEXT: Cell<i64> = const { Cell::new(1) };
}

/// The Rust half of `$this`, its constructor called.
///
/// # Errors
/// A child class did not call the parent constructor.
fn this<'a>(call: &Call<'a>) -> Result<&'a Process, Thrown> {
    let process = call.native::<Process>();
    if process.ready.get() {
        return Ok(process);
    }
    zend::throw(ce::swoole_error(), "must call constructor first", i64::from(errors::WRONG_OPERATION))
}

/// A callback that was kept as a value, or a warning that says why it is none.
fn callback_of(value: &Zval) -> Option<Callable> {
    if !value.coerce_to_bool() {
        errors::warn("illegal callback function");
        return None;
    }
    let found = Callable::new(value);
    if found.is_none() {
        errors::warn(&format!("function '{}' is not callable", callable::name(value)));
    }
    found
}

/// `__construct(callable $callback, bool $redirect_stdin_and_stdout = false, int $pipe_type = SOCK_DGRAM, bool $enable_coroutine = false)`
pub fn __construct(call: &mut Call<'_>) -> Return {
    let process = call.native::<Process>();
    let refuse = |text: &str| zend::throw(zend::standard_error(), text, 0);
    if process.ready.get() {
        return refuse("Constructor of Swoole\\Process can only be called once");
    }
    if !zend::sapi_is_cli() {
        return refuse("Swoole\\Process can only be used in PHP CLI mode");
    }
    let callback = call.callable_arg(0)?;
    let redirects = call.optional(1, false, Call::bool_arg)?;
    let mut pipe_type = call.optional(2, i64::from(libc::SOCK_DGRAM), Call::long_arg)?;
    let in_coroutine = call.optional(3, false, Call::bool_arg)?;
    if redirects {
        // A program writes bytes, not messages.
        pipe_type = i64::from(libc::SOCK_STREAM);
    }
    let id = NEXT.get();
    NEXT.set(id + 1);
    process.id.set(id);
    process.redirects.set(redirects);
    process.coroutine.set(in_coroutine);
    let this = call.this();
    if pipe_type > 0 {
        let kind = if pipe_type == i64::from(libc::SOCK_STREAM) { Kind::Stream } else { Kind::Datagram };
        let buffer = usize::try_from(ini::long(c"swoole.socket_buffer_size")).unwrap_or(0);
        let pipe = match Pipe::open(kind, buffer) {
            Ok(pipe) => pipe,
            Err(error) => {
                let number = error.raw_os_error().unwrap_or(0);
                return zend::throw(ce::swoole_exception(), "failed to create unix soccket", i64::from(number));
            }
        };
        process.kind.set(kind);
        process.fd.set(pipe.master.as_ref().map(AsRawFd::as_raw_fd));
        *process.pipe.borrow_mut() = Some(pipe);
        object::set_slot(this, slot::PIPE, i64::from(process.fd.get().unwrap_or(-1)));
    }
    object::set_slot(this, slot::ID, id);
    object::set_slot(this, slot::CALLBACK, callback.value().shallow_clone());
    process.ready.set(true);
    Ok(())
}

/// `__destruct()`
pub fn __destruct(_call: &mut Call<'_>) -> Return {
    Ok(())
}

/// `set(array $settings): void`
pub fn set(call: &mut Call<'_>) -> Return {
    let settings = call.array_arg(0)?;
    let process = this(call)?;
    if let Some(value) = settings.get("enable_coroutine").filter(|value| !value.is_null()) {
        process.coroutine.set(value.coerce_to_bool());
    }
    Ok(())
}

/// Says that a fork is allowed here.
///
/// # Errors
/// Throws inside a coroutine: its stack cannot go on in another process.
fn may_fork() -> Return {
    if engine::current_id().is_none() {
        return Ok(());
    }
    let code = i64::from(errors::OPERATION_NOT_SUPPORT);
    zend::throw(ce::swoole_error(), "must be forked outside the coroutine", code)
}

/// Forks; the child forgets everything that belongs to the parent's event loop.
///
/// # Errors
/// Throws inside a coroutine.
fn fork() -> Result<io::Result<Side>, Thrown> {
    may_fork()?;
    // A signal for the child that arrives before it has put aside its parent's handlers must not be lost in them.
    let _blocked = crate::io::signal::block();
    let side = process::fork();
    if matches!(side, Ok(Side::Child)) {
        forked();
    }
    Ok(side)
}

/// In a fork's child: forgets what belongs to the parent's event loop, its signals and its children.
fn forked() {
    engine::forked();
    signal::forked();
}

/// `start(): int|bool`
pub fn start(call: &mut Call<'_>) -> Return {
    let process = this(call)?;
    if process.pid.get() != 0 && process::kill(process.pid.get(), 0).is_ok() {
        errors::warn("process has already been started");
        return call.return_bool(false);
    }
    match fork()? {
        Ok(Side::Parent(pid)) => {
            process.pid.set(pid);
            object::set_slot(call.this(), slot::PID, i64::from(pid));
            call.return_long(i64::from(pid))
        }
        Ok(Side::Child) => live(call, process),
        Err(error) => {
            errors::warn_of_system("fork() failed", &error);
            call.return_bool(false)
        }
    }
}

/// The child's life. It ends the script as `exit` does: what is buffered goes out, shutdown functions and destructors run.
fn live(call: &mut Call<'_>, process: &Process) -> Return {
    let value = call.this_value();
    live_as(&value, process)?;
    call.return_bool(false)
}

/// The life of the process object `value` in this process, which ends with it; returns only when it has no callback.
///
/// # Errors
/// Always: the script ends.
pub(crate) fn live_as(value: &Zval, process: &Process) -> Return {
    let mut value = value.shallow_clone();
    let Some(this) = value.object_mut() else { return Ok(()) };
    let Some(callback) = callback_of(object::slot(this, slot::CALLBACK)) else {
        return Ok(());
    };
    process.pid.set(process::id());
    log::set_process('%', process.id.get());
    let end = process.pipe.borrow().as_ref().and_then(|pipe| pipe.worker.as_ref().map(AsRawFd::as_raw_fd));
    process.fd.set(end);
    if process.redirects.get() {
        for target in STANDARD {
            if let Err(error) = process::redirect(end.unwrap_or(-1), target) {
                errors::warn_of_system("dup2() failed", &error);
            }
        }
    }
    object::set_slot(this, slot::PID, i64::from(process.pid.get()));
    if let Some(end) = end {
        object::set_slot(this, slot::PIPE, i64::from(end));
    }
    if process.coroutine.get() {
        engine::spawn_call(callback, &[value])?;
        coroutine::drive()?;
    } else if callback.call(&[value]).is_err() {
        // `exit` and an exception that nobody caught end here alike; only the second has something to say.
        zend::report_exception(sys::E_ERROR);
    }
    zend::request_bailout();
    Err(Thrown)
}

/// `exit(int $exit_code = 0): void`
pub fn exit(call: &mut Call<'_>) -> Return {
    let mut code = call.optional(0, 0, Call::long_arg)?;
    let process = this(call)?;
    if process::id() != process.pid.get() {
        errors::warn("not current process");
        return call.return_bool(false);
    }
    if !(0..=255).contains(&code) {
        errors::warn("exit ret_code range is [>0 and <255] ");
        code = 1;
    }
    std::process::exit(code as i32)
}
