//! Values on their way between processes, and messages from worker to worker.

use super::control::started;
use super::events::{Event, deliver, invoke};
use super::inbox::Kind;
use super::running::Running;
use crate::classes::{ce, errors, slots::swoole_server_pipe_message as slot};
use crate::coroutine::engine;
use crate::log;
use crate::server::bus::Frame;
use crate::server::session::now;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::callable::Callable;
use crate::zend::{self, object};
use ext_php_rs::types::Zval;
use std::io::IoSlice;
use std::rc::Rc;
use std::time::{Duration, Instant};

/// `SWOOLE_TASK_SERIALIZE`
pub(super) const SERIALIZED: u32 = 2;
/// How long a process without an event loop waits for one that does not read.
const PATIENCE: Duration = Duration::from_secs(30);

/// What stands before the data of a message or a task.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) struct Head {
    /// The number of the task.
    pub id: i64,
    /// `SWOOLE_TASK_*`
    pub flags: u32,
    /// When it was sent.
    pub time: f64,
}

impl Head {
    pub(super) const SIZE: usize = 20;

    pub(super) fn to_bytes(self) -> [u8; Self::SIZE] {
        let mut bytes = [0; Self::SIZE];
        bytes[..8].copy_from_slice(&self.id.to_ne_bytes());
        bytes[8..12].copy_from_slice(&self.flags.to_ne_bytes());
        bytes[12..].copy_from_slice(&self.time.to_ne_bytes());
        bytes
    }

    pub(super) fn parse(bytes: &[u8]) -> Option<Self> {
        Some(Self {
            id: i64::from_ne_bytes(*bytes.get(..8)?.first_chunk()?),
            flags: u32::from_ne_bytes(*bytes.get(8..12)?.first_chunk()?),
            time: f64::from_ne_bytes(*bytes.get(12..)?.first_chunk()?),
        })
    }
}

/// Calls a function of PHP by its name.
pub(super) fn php(function: &str, args: &[Zval]) -> Result<Zval, Thrown> {
    match Callable::new(&zend::string(function.as_bytes())) {
        Some(callable) => callable.call(args),
        None => zend::throw(zend::standard_error(), &format!("{function}() is not there"), 0),
    }
}

/// A value as a string, and whether it had to be serialised.
///
/// # Errors
/// It cannot be serialised.
pub(super) fn pack(value: &Zval) -> Result<(Zval, u32), Thrown> {
    if value.is_string() {
        return Ok((value.shallow_clone(), 0));
    }
    Ok((php("serialize", &[value.shallow_clone()])?, SERIALIZED))
}

/// The bytes of a packed value.
pub(super) fn bytes(packed: &Zval) -> &[u8] {
    packed.zend_str().map_or(&[], |text| text.as_bytes())
}

/// The value that was packed; `None` with a line in the log when it is broken.
pub(super) fn unpack(data: &[u8], flags: u32) -> Option<Zval> {
    if flags & SERIALIZED == 0 {
        return Some(zend::string(data));
    }
    match php("unserialize", &[zend::string(data)]) {
        Ok(value) if !value.is_false() || data == b"b:0;" => Some(value),
        _ => {
            if zend::exception_pending() && !zend::exit_pending() {
                zend::report_exception(zend::sys::E_WARNING);
            }
            let text = format!("unserialize() failed, Error at offset 0 of {} bytes", data.len());
            log::warning("php_swoole_server_task_unpack()", &text);
            None
        }
    }
}

/// Where a frame goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum To {
    /// The process with this index, or its successor.
    Index(usize),
    /// The very process that sent a frame.
    Back(usize),
}

/// Sends a frame, waiting while too much waits already: in a coroutine others run meanwhile. False, with a line in the log, when it cannot be
/// sent.
pub(super) fn send(running: &Running, to: To, kind: Kind, head: &[u8], data: &[u8]) -> bool {
    send_as(running, to, kind as u8, head, data)
}

/// The same for frames of any kind.
pub(super) fn send_as(running: &Running, to: To, kind: u8, head: &[u8], data: &[u8]) -> bool {
    let bus = &running.bus;
    let limit = Some(Instant::now() + PATIENCE);
    let index = match to {
        To::Index(index) => index,
        To::Back(address) => address / 2,
    };
    loop {
        let sent = match to {
            To::Index(index) => bus.send(index, kind, head, &[IoSlice::new(data)]),
            To::Back(address) => bus.send_back(address, kind, head, &[IoSlice::new(data)]),
        };
        let error = match sent {
            Ok(()) if engine::loop_running() => return true,
            // Nobody would send the rest.
            Ok(()) => return bus.wait_for_room(index, limit).unwrap_or(false),
            Err(error) => error,
        };
        let goes_on = error.raw_os_error() == Some(libc::ENOBUFS)
            && if engine::current_id().is_some() {
                engine::wait(bus.room(index)).is_ok()
            } else {
                bus.wait_for_room(index, limit).unwrap_or(false)
            };
        if !goes_on {
            let number = error.raw_os_error().unwrap_or(0);
            errors::set_last(number);
            log::system_warning("Server::send_to_worker()", &format!("failed to send to process {index}"), number);
            return false;
        }
    }
}

/// `sendMessage(mixed $message, int $dst_worker_id): bool`
pub fn send_message(call: &mut Call<'_>) -> Return {
    let Some(running) = started(call) else { return Ok(()) };
    if !running.server().has(Event::PipeMessage) {
        errors::warn("onPipeMessage is null, can't use sendMessage");
        return call.return_bool(false);
    }
    let value = call.value(0).map(Zval::shallow_clone).unwrap_or_default();
    let to = call.long_arg(1)?;
    if running.worker_id().is_some_and(|own| own as i64 == to) {
        errors::warn("can't send messages to self");
        return call.return_bool(false);
    }
    let Some(index) = usize::try_from(to).ok().filter(|index| *index < running.layout.core()) else {
        errors::warn(&format!("worker_id[{to}] is invalid"));
        return call.return_bool(false);
    };
    let (packed, flags) = pack(&value)?;
    let head = Head { id: 0, flags, time: now() }.to_bytes();
    let sent = send(&running, To::Index(index), Kind::PipeMessage, &head, bytes(&packed));
    call.return_bool(sent)
}

/// A message of another worker has come.
pub(super) fn received(running: &Rc<Running>, frame: Frame<'_>) {
    let Some(head) = Head::parse(frame.head) else { return };
    let Some(data) = unpack(frame.payload, head.flags) else { return };
    let from = frame.from as i64;
    let args = if running.settings.event_object {
        let mut message = object::instantiate(ce::swoole_server_pipe_message());
        if let Some(message) = message.object_mut() {
            object::set_slot(message, slot::WORKER_ID, from);
            object::set_slot(message, slot::SOURCE_WORKER_ID, from);
            let mut time = Zval::new();
            time.set_double(head.time);
            object::set_slot(message, slot::DISPATCH_TIME, time);
            object::set_slot(message, slot::DATA, data);
        }
        vec![message]
    } else {
        vec![zend::long(from), data]
    };
    if !engine::loop_running() {
        return invoke(running, Event::PipeMessage, &args);
    }
    if let Some(callback) = running.server().callback(Event::PipeMessage) {
        deliver(running, callback, &args);
    }
}
