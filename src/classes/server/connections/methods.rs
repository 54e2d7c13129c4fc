//! What PHP does to connections.

use super::forward::{BEHIND, Head, kind};
use super::{Endpoint, current};
use crate::classes::{constants as c, errors};
use crate::coroutine::engine;
use crate::local_task;
use crate::log;
use crate::server::hub::{CloseError, Hub, SendError};
use crate::server::layout::Part;
use crate::server::listen::{Kind, ListenPort};
use crate::server::session::{ACTIVELY, CLOSED, CLOSING, OVERFLOW};
use crate::zend::call::{Call, Return, Thrown};
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::task::yield_now;
use tokio::time::sleep;

/// Longest name of a file that `sendfile()` takes.
const LONGEST_NAME: usize = 8135;
/// How long code without coroutines waits for a process that does not take what is sent to it.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long it sleeps between two looks.
const LOOK: Duration = Duration::from_millis(1);
/// After so long whoever waits for room asks again.
const LOST: Duration = Duration::from_secs(5);

/// The running server; `None` after a warning.
pub(super) fn running(call: &mut Call<'_>) -> Result<Option<Rc<Endpoint>>, Thrown> {
    let endpoint = current();
    if endpoint.is_none() {
        errors::warn("server is not running");
        call.return_bool(false)?;
    }
    Ok(endpoint)
}

/// `Server::send`.
pub fn send(call: &mut Call<'_>) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let data = call.str_arg(1)?.as_bytes();
    let socket = call.optional(2, -1, Call::long_arg)?;
    let Some(fd) = call.value(0).filter(|fd| !fd.is_null()) else {
        errors::warn("fd can not be null");
        return call.return_bool(false);
    };
    if data.is_empty() {
        errors::warn_of(errors::NO_PAYLOAD, "the data sent must not be empty");
        return call.return_bool(false);
    }
    if let Some(path) = fd.zend_str().map(|path| path.as_bytes()).filter(|path| path.starts_with(b"/"))
        && endpoint.plan.ports.iter().any(|port| port.listen.kind == Kind::UnixDatagram)
    {
        let listen = endpoint.sender(Kind::UnixDatagram, socket);
        return call.return_bool(listen.is_some_and(|listen| listen.send_to(path, 0, data).is_ok()));
    }
    let session = crate::zend::to_long(fd);
    if session <= 0 {
        errors::warn(&format!("invalid fd[{session}]"));
        return call.return_bool(false);
    }
    let sent = endpoint.send(session, data);
    call.return_bool(sent)
}

/// `Server::sendwait`.
pub fn sendwait(call: &mut Call<'_>) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let (session, data) = (call.long_arg(0)?, call.str_arg(1)?.as_bytes());
    if data.is_empty() {
        errors::warn_of(errors::NO_PAYLOAD, "the data sent must not be empty");
        return call.return_bool(false);
    }
    let Some(hub) = endpoint.hub().filter(|_| endpoint.is_base() && endpoint.part() == Part::Worker) else {
        errors::warn("can only be used with base mode and must be within worker process");
        return call.return_bool(false);
    };
    let sent = endpoint.send(session, data) && wait_until_sent(&hub, session);
    call.return_bool(sent)
}

/// Waits until all is sent: a coroutine lets others run, plain code does not.
fn wait_until_sent(hub: &Hub, session: i64) -> bool {
    if engine::current_id().is_some() {
        return crate::coroutine::wait(hub.flushed(session)).is_ok();
    }
    hub.flush_blocking(session)
}

/// `Server::sendto`.
pub fn sendto(call: &mut Call<'_>) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let (host, port, data) = (call.str_arg(0)?.as_bytes(), call.long_arg(1)?, call.str_arg(2)?.as_bytes());
    let socket = call.optional(3, -1, Call::long_arg)?;
    if data.is_empty() {
        errors::warn_of(errors::NO_PAYLOAD, "the data sent must not be empty");
        return call.return_bool(false);
    }
    let (kind, name) = match host {
        [b'/', ..] => (Kind::UnixDatagram, "UnixDgram"),
        host if host.contains(&b':') => (Kind::Udp6, "UDP6"),
        _ => (Kind::Udp, "UDP"),
    };
    let Some(listen) = endpoint.sender(kind, socket) else {
        errors::warn(&format!("{name} listener has to be added before executing sendto"));
        return call.return_bool(false);
    };
    let number = match u16::try_from(port).map(|port| listen.send_to(host, port, data)) {
        Ok(Ok(_)) => return call.return_bool(true),
        Ok(Err(error)) => error.raw_os_error().unwrap_or(errors::DNSLOOKUP_RESOLVE_FAILED),
        Err(_) => c::SWOOLE_ERROR_BAD_PORT as i32,
    };
    errors::set_last(number);
    call.return_bool(false)
}

/// `Server::sendfile`.
pub fn sendfile(call: &mut Call<'_>) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let (session, name) = (call.long_arg(0)?, call.path_arg(1)?.as_bytes());
    let offset = call.optional(2, 0, Call::long_arg)?;
    let length = call.optional(3, 0, Call::long_arg)?;
    let path = Path::new(std::ffi::OsStr::from_bytes(name));
    let sent = endpoint.may_send_file(session, path, offset, length) && {
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        endpoint.send_file(session, &absolute, offset.cast_unsigned(), length.cast_unsigned())
    };
    call.return_bool(sent)
}

/// `Server::close`.
pub fn close(call: &mut Call<'_>) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let session = call.long_arg(0)?;
    let reset = call.optional(1, false, Call::bool_arg)?;
    let before = endpoint.called.replace(true);
    let closed = endpoint.close_connection(session, reset);
    endpoint.called.set(before);
    call.return_bool(closed)
}

/// `Server::pause`.
pub fn pause(call: &mut Call<'_>) -> Return {
    set_paused(call, true)
}

/// `Server::resume` and `Server::confirm`.
pub fn resume(call: &mut Call<'_>) -> Return {
    set_paused(call, false)
}

fn set_paused(call: &mut Call<'_>, paused: bool) -> Return {
    let Some(endpoint) = running(call)? else { return Ok(()) };
    let session = call.long_arg(0)?;
    let Some(owner) = endpoint.owner(session) else {
        errors::set_last(c::SWOOLE_ERROR_SESSION_NOT_EXIST as i32);
        return call.return_bool(false);
    };
    let done = match endpoint.hub().filter(|_| owner == endpoint.index()) {
        Some(hub) => hub.pause(session, paused),
        None => endpoint.tell(owner, if paused { kind::PAUSE } else { kind::RESUME }, Head::of(session), &[]),
    };
    call.return_bool(done)
}

/// Sends a part of a file by its name; all after `offset` when `length` is 0.
pub(super) fn send_file_of(hub: &Hub, session: i64, path: &Path, offset: u64, length: u64) -> Result<(), SendError> {
    let Ok(file) = File::open(path) else { return Err(SendError::NotExist) };
    let size = file.metadata().map_or(0, |data| data.len());
    let rest = size.saturating_sub(offset);
    let length = if length == 0 { rest } else { length.min(rest) };
    hub.send_file(session, file, offset, length)
}

impl Endpoint {
    /// The process that owns a connection.
    fn owner(&self, session: i64) -> Option<usize> {
        self.plan.sessions.row(session).map(|row| usize::from(row.owner()))
    }

    /// Sends bytes to a connection of any process, waiting for room where the settings say so.
    pub(super) fn send(self: &Rc<Self>, session: i64, data: &[u8]) -> bool {
        if self.is_too_long(data.len()) {
            return false;
        }
        loop {
            match self.try_send(session, data) {
                Ok(()) => {
                    self.count_answer(data.len());
                    return true;
                }
                Err(SendError::NotExist) => {
                    errors::set_last(c::SWOOLE_ERROR_SESSION_NOT_EXIST as i32);
                    return false;
                }
                Err(SendError::Closed | SendError::NotBytes) => {
                    errors::set_last(c::SWOOLE_ERROR_SESSION_CLOSED as i32);
                    return false;
                }
                Err(SendError::Overflow) => {
                    if !self.make_room(session) {
                        return false;
                    }
                }
            }
        }
    }

    /// Whether so many bytes at once are more than `output_buffer_size`; then the last error is set, and the log has a line.
    pub(super) fn is_too_long(&self, length: usize) -> bool {
        let most = self.plan.most_output;
        if length <= most || self.is_base() {
            return false;
        }
        let number = c::SWOOLE_ERROR_DATA_LENGTH_TOO_LARGE as i32;
        errors::set_last(number);
        let text = format!(
            "The length of data [{length}] exceeds the output buffer size[{most}], \
             please use the sendfile, chunked transfer mode or adjust the output_buffer_size"
        );
        log::error(log::WARNING, "ProcessFactory::finish()", number, text.as_bytes());
        true
    }

    /// Waits for room to send: a coroutine lets others run. False with the last error set, and a line in the log, when there is none.
    pub(super) fn make_room(self: &Rc<Self>, session: i64) -> bool {
        if self.plan.send_yield && engine::current_id().is_some() {
            return self.wait_for_room(session);
        }
        if self.await_owner(session) {
            return true;
        }
        let number = c::SWOOLE_ERROR_OUTPUT_BUFFER_OVERFLOW as i32;
        errors::set_last(number);
        let (origin, text) = match self.plan.sessions.row(session).filter(|_| self.is_base()) {
            Some(row) => ("Server::send_to_connection()", format!("socket#{} output buffer overflow", row.fd())),
            None => ("ProcessFactory::finish()", format!("send failed, session={session} output buffer overflow")),
        };
        log::error(log::WARNING, origin, number, text.as_bytes());
        false
    }

    /// Waits, without letting others run, while the process that owns a connection has not seen what was sent to it; whether there is
    /// room then.
    fn await_owner(&self, session: i64) -> bool {
        let until = Instant::now() + PATIENCE;
        loop {
            let Some(row) = self.plan.sessions.row(session) else { return true };
            let owner = usize::from(row.owner());
            if owner == self.index() || row.flags() & OVERFLOW != 0 || Instant::now() >= until {
                return false;
            }
            // What does not leave this process in time does so later.
            let _ = self.plan.bus.wait_for_room(owner, Some(until));
            if self.has_room(row) {
                return true;
            }
            std::thread::sleep(LOOK);
        }
    }

    fn try_send(&self, session: i64, data: &[u8]) -> Result<(), SendError> {
        let row = self.plan.sessions.row(session).ok_or(SendError::NotExist)?;
        let owner = usize::from(row.owner());
        if owner == self.index()
            && let Some(hub) = self.hub()
        {
            // PHP hears of a full buffer before it sends more.
            let before = self.called.replace(true);
            let sent = hub.send(session, data);
            self.called.set(before);
            return sent;
        }
        let flags = row.flags();
        if flags & CLOSED != 0 || flags & CLOSING != 0 && flags & ACTIVELY != 0 {
            return Err(SendError::Closed);
        }
        if self.is_behind(session) {
            self.send_behind(session, data);
            return Ok(());
        }
        self.send_to_owner(row, kind::SEND, Head::of(session), data)
    }

    /// Whether what is sent now would come before something that was given to the client earlier.
    fn is_behind(&self, session: i64) -> bool {
        let has_given = self.answering.borrow().as_ref().is_some_and(|answering| answering.has_given(session));
        has_given || self.behind.borrow().iter().any(|(of, _)| *of == session)
    }

    /// Sends when the replies have gone that are on their way to the process that has the connection.
    fn send_behind(&self, session: i64, data: &[u8]) {
        let is_first = {
            let mut behind = self.behind.borrow_mut();
            behind.push_back((session, data.to_vec()));
            behind.len() == 1
        };
        if let Some(endpoint) = current().filter(|_| is_first) {
            local_task::spawn(async move { endpoint.follow().await });
        }
    }

    /// Sends what waits behind replies, in its order.
    async fn follow(&self) {
        loop {
            let first = self.behind.borrow().front().cloned();
            let Some((session, data)) = first else { return };
            let Some(row) = self.plan.sessions.row(session) else {
                self.behind.borrow_mut().pop_front();
                continue;
            };
            if self.answering().is_none_or(|answering| !answering.has_given(session))
                && self.send_to_owner(row, kind::SEND, Head::of(session), &data).is_ok()
            {
                self.behind.borrow_mut().pop_front();
                continue;
            }
            self.plan.bus.room(usize::from(row.owner())).await;
            yield_now().await;
        }
    }

    pub(super) fn count_answer(&self, bytes: usize) {
        use std::sync::atomic::Ordering::Relaxed;
        let counters = &self.plan.board.counters;
        counters.responses.fetch_add(1, Relaxed);
        counters.sent.fetch_add(bytes as i64, Relaxed);
        if let Some(process) = self.plan.board.process(self.index()) {
            process.responses.fetch_add(1, Relaxed);
        }
    }

    /// Suspends the coroutine until there may be room; `false` when it was cancelled or the time is over.
    fn wait_for_room(self: &Rc<Self>, session: i64) -> bool {
        let local = self.hub().filter(|_| self.owner(session) == Some(self.index()));
        let endpoint = Rc::clone(self);
        let room = async move {
            match local {
                Some(hub) => hub.room(session).await,
                None => {
                    // The way there may be full as well.
                    if let Some(owner) = endpoint.owner(session) {
                        endpoint.plan.bus.room_below(owner, BEHIND).await;
                    }
                    endpoint.remote_room(session).await;
                }
            }
        };
        let limit = Some(self.plan.send_timeout).filter(|seconds| *seconds > 0.0).map(Duration::from_secs_f64);
        match engine::scheduler().wait_for(room, limit) {
            Ok(Some(())) => true,
            Ok(None) => {
                errors::set_last(c::SWOOLE_ERROR_CO_TIMEDOUT as i32);
                false
            }
            Err(_) => {
                errors::set_last(errors::CO_CANCELED);
                false
            }
        }
    }

    /// Ready when a connection of another process takes more, or has ended.
    async fn remote_room(self: Rc<Self>, session: i64) {
        while let Some(row) = self.plan.sessions.row(session).filter(|row| !self.has_room(row)) {
            let first = {
                let mut senders = self.senders.borrow_mut();
                let waiting = senders.entry(session).or_default();
                waiting.retain(|waiter| waiter.strong_count() > 0);
                waiting.is_empty()
            };
            if first && !self.tell(usize::from(row.owner()), kind::ASK, Head::of(session), &[]) {
                sleep(LOOK).await;
                continue;
            }
            let told = Rc::new(Notify::new());
            self.senders.borrow_mut().entry(session).or_default().push(Rc::downgrade(&told));
            tokio::select! {
                () = told.notified() => {}
                // It may have died.
                () = sleep(LOST) => self.wake_senders(session),
            }
        }
    }

    /// A connection takes more, or ends.
    pub(super) fn wake_senders(&self, session: i64) {
        let senders = self.senders.borrow_mut().remove(&session);
        senders.into_iter().flatten().filter_map(|waiter| waiter.upgrade()).for_each(|waiter| waiter.notify_one());
    }

    /// What sends datagrams of this kind: the socket with this number, or the first one.
    fn sender(&self, kind: Kind, fd: i64) -> Option<&Rc<ListenPort>> {
        let mut ports = self.plan.ports.iter().map(|port| &port.listen);
        let first = ports.clone().find(|listen| listen.kind == kind)?;
        if fd < 0 { Some(first) } else { ports.find(|listen| i64::from(listen.fd()) == fd) }
    }

    fn may_send_file(&self, session: i64, path: &Path, offset: i64, length: i64) -> bool {
        let fail = |number: i64, text: String| {
            errors::set_last(number as i32);
            log::error(log::WARNING, "Server::sendfile()", number as i32, text.as_bytes());
            false
        };
        let name = path.display();
        if session <= 0 {
            return fail(c::SWOOLE_ERROR_SESSION_INVALID_ID, format!("invalid fd[{session}]"));
        }
        let letters = path.as_os_str().len();
        if letters > LONGEST_NAME {
            let start: String = path.to_string_lossy().chars().take(8).collect();
            let text = format!("sendfile name[{start}...] length {letters} is exceed the max name len {LONGEST_NAME}");
            return fail(c::SWOOLE_ERROR_NAME_TOO_LONG, text);
        }
        match path.metadata() {
            Err(_) => fail(c::SWOOLE_ERROR_SYSTEM_CALL_FAIL, format!("stat({name}) failed")),
            Ok(data) if !data.is_file() => {
                let text = format!("the path[{name}] given is not a regular file");
                fail(c::SWOOLE_ERROR_SERVER_IS_NOT_REGULAR_FILE, text)
            }
            Ok(_) if offset < 0 || length < 0 => {
                let text = format!("length[{length}] or offset[{offset}] is invalid");
                fail(c::SWOOLE_ERROR_INVALID_PARAMS, text)
            }
            Ok(data) if data.len() as i64 <= offset => {
                fail(c::SWOOLE_ERROR_SYSTEM_CALL_FAIL, format!("file[offset={offset}] is empty"))
            }
            Ok(_) if self.speaks_http(session) => {
                let text = format!("session#{session} speaks HTTP or WebSocket, a bare file would break it");
                fail(c::SWOOLE_ERROR_OPERATION_NOT_SUPPORT, text)
            }
            Ok(_) => true,
        }
    }

    fn speaks_http(&self, session: i64) -> bool {
        let port = self.plan.sessions.info(session).and_then(|info| self.plan.ports.get(usize::from(info.port)));
        port.is_some_and(|port| port.http.is_some())
    }

    fn send_file(&self, session: i64, path: &Path, offset: u64, length: u64) -> bool {
        let Some(owner) = self.owner(session) else {
            errors::set_last(c::SWOOLE_ERROR_SESSION_NOT_EXIST as i32);
            return false;
        };
        match self.hub().filter(|_| owner == self.index()) {
            Some(hub) => send_file_of(&hub, session, path, offset, length).is_ok(),
            None => {
                // The length travels as a number of the head that has room for it.
                let head = Head { more: offset, time: length as f64, ..Head::of(session) };
                self.tell(owner, kind::FILE, head, path.as_os_str().as_bytes())
            }
        }
    }

    /// Closes a connection of any process.
    pub(super) fn close_connection(self: &Rc<Self>, session: i64, reset: bool) -> bool {
        let fail = |number: i64| {
            errors::set_last(number as i32);
            false
        };
        let Some(row) = self.plan.sessions.row(session) else { return fail(c::SWOOLE_ERROR_SESSION_NOT_EXIST) };
        let owner = usize::from(row.owner());
        if let Some(hub) = self.hub().filter(|_| owner == self.index()) {
            return match hub.close(session, reset) {
                Ok(()) => true,
                Err(CloseError::NotExist) => fail(c::SWOOLE_ERROR_SESSION_NOT_EXIST),
                Err(CloseError::Closing) => fail(c::SWOOLE_ERROR_SESSION_CLOSING),
                Err(CloseError::Closed) => fail(c::SWOOLE_ERROR_SESSION_CLOSED),
            };
        }
        let flags = row.flags();
        if flags & CLOSING != 0 {
            return fail(c::SWOOLE_ERROR_SESSION_CLOSING);
        }
        if flags & CLOSED != 0 && !reset {
            return fail(c::SWOOLE_ERROR_SESSION_CLOSED);
        }
        let is_worker = self.part() == Part::Worker;
        let here =
            is_worker && !self.is_base() && (!self.dispatch.is_fixed() || self.worker_of(session) == self.index());
        if !here || flags & CLOSED != 0 || !self.notifies() {
            // Whoever owns it tells the worker that it belongs to.
            return self.tell(owner, kind::CLOSE_IT, Head { flag: reset, ..Head::of(session) }, &[]);
        }
        row.set(ACTIVELY, true);
        if row.set(CLOSING, true) {
            return fail(c::SWOOLE_ERROR_SESSION_CLOSING);
        }
        let Some(port) = self.plan.sessions.info(session).map(|info| usize::from(info.port)) else {
            return fail(c::SWOOLE_ERROR_SESSION_NOT_EXIST);
        };
        let endpoint = Rc::downgrade(self);
        let finished = move || {
            if let Some(endpoint) = endpoint.upgrade() {
                if let Some(row) = endpoint.plan.sessions.row(session) {
                    row.set(CLOSED, true);
                    row.set(CLOSING, false);
                }
                let head = Head { more: u64::from(reset), ..Head::of(session) };
                endpoint.tell(owner, kind::FINISH, head, &[]);
            }
        };
        let origin = crate::server::hub::Origin { session, port };
        self.on_close(origin, -1, crate::server::session::now(), Box::new(finished));
        true
    }
}
