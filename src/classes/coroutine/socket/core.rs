//! A socket whose calls wait as coroutines do: what `Coroutine\Socket` is made of, and what is built on it.
//!
//! A call is tried first; only when the kernel says `EAGAIN` does the coroutine wait, at most one for each direction. What went wrong
//! stands in [`Core::error`] and is for the class to show; [`Failed`] says no more than that it did. An exception may be pending then.
//!
//! Methods take `&self` and hold no borrow across a wait. Whoever may drop the socket meanwhile keeps an `Rc` of its own for the call.

use super::secure::{Secure, number_of};
use crate::classes::{ce, constants, errors, runtime, settings};
use crate::coroutine::engine::{self, scheduler};
use crate::coroutine::scheduler::{Canceled, Waiting};
use crate::io::framing::{Framer, Framing, Precedence, Settings};
use crate::io::readiness::{self, Direction, Interest, WaitError};
use crate::io::socket::{self, BadAddress, SocketFile};
use crate::zend::{self, ini};
use socket2::SockAddr;
use std::cell::{Cell, RefCell};
use std::io;
use std::os::fd::RawFd;
use std::time::{Duration, Instant};

/// The call failed; [`Core::error`] says why, or an exception is pending.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Failed;

/// How a call on a socket ends.
pub(crate) type Outcome<T> = Result<T, Failed>;

/// Seconds that each kind of wait may take; not positive is for ever.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Timeouts {
    /// Until a name is resolved.
    pub(crate) dns: f64,
    /// Until a connection is made.
    pub(crate) connect: f64,
    /// Until something comes.
    pub(crate) read: f64,
    /// Until something is taken.
    pub(crate) write: f64,
}

/// What a wait may take: counted from the first time that it waits.
#[derive(Debug)]
pub(crate) struct Limit {
    seconds: f64,
    until: Option<Instant>,
}

impl Limit {
    /// This many seconds, or for ever.
    pub(crate) fn new(seconds: f64) -> Self {
        Self { seconds, until: None }
    }

    /// What is left; `None` is for ever.
    fn left(&mut self) -> Option<Duration> {
        let whole = super::super::timeout(self.seconds)?;
        match self.until {
            Some(until) => Some(until.saturating_duration_since(Instant::now())),
            None => {
                self.until = Instant::now().checked_add(whole);
                Some(whole)
            }
        }
    }
}

/// The socket.
pub(crate) struct Core {
    /// -1 once it is closed.
    fd: Cell<RawFd>,
    /// A stream of PHP owns the descriptor.
    borrowed: bool,
    pub(crate) domain: i32,
    pub(crate) kind: i32,
    pub(super) protocol: i32,
    /// The coroutines that wait, 0 for none.
    reader: Cell<i64>,
    writer: Cell<i64>,
    /// It is being closed; those who wait are on their way out.
    closing: Cell<bool>,
    pub(crate) connected: Cell<bool>,
    shut_read: Cell<bool>,
    shut_write: Cell<bool>,
    pub(crate) timeouts: Cell<Timeouts>,
    error: Cell<i32>,
    /// Words for the error where they are not the number's own.
    message: RefCell<Option<String>>,
    /// How packets are told apart.
    pub(crate) settings: RefCell<Settings>,
    /// What has come and was not asked for yet; made when that happens.
    pub(super) kept: RefCell<Option<Framer>>,
    /// Called once it is closed.
    on_close: RefCell<Option<Box<dyn FnOnce()>>>,
    /// Its own address, or the one that the last message came from.
    pub(crate) name: RefCell<Option<SockAddr>>,
    /// The file of the address that it was bound to: it goes when the socket is freed, not when it is closed.
    pub(super) file: RefCell<Option<SocketFile>>,
    pub(super) secure: Secure,
}

impl Core {
    /// A new socket.
    ///
    /// # Errors
    /// The system's.
    pub(crate) fn open(domain: i32, kind: i32, protocol: i32) -> io::Result<Self> {
        let fd = socket::open(domain, kind, protocol)?;
        Ok(Self::of(fd, domain, kind, protocol, false))
    }

    /// A socket that is there: it is made not to block. A borrowed one is not closed.
    pub(crate) fn from_descriptor(fd: RawFd, domain: i32, kind: i32, protocol: i32, borrowed: bool) -> Self {
        crate::classes::descriptor::set_nonblocking(fd);
        Self::of(fd, domain, kind, protocol, borrowed)
    }

    /// A connected stream that somebody else reads, writes and closes.
    pub(crate) fn borrowed(fd: RawFd, domain: i32) -> Self {
        let made = Self::of(fd, domain, libc::SOCK_STREAM, 0, true);
        made.connected.set(true);
        made
    }

    /// The owner of a borrowed descriptor is about to close it.
    pub(crate) fn disown(&self) {
        self.cancel(Direction::Write);
        self.cancel(Direction::Read);
        let fd = self.fd.replace(-1);
        if fd >= 0 {
            readiness::closing(fd);
        }
        self.kept.replace(None);
    }

    fn of(fd: RawFd, domain: i32, kind: i32, protocol: i32, borrowed: bool) -> Self {
        let made = Self {
            fd: Cell::new(fd),
            borrowed,
            domain,
            kind,
            protocol,
            reader: Cell::new(0),
            writer: Cell::new(0),
            closing: Cell::new(false),
            connected: Cell::new(false),
            shut_read: Cell::new(false),
            shut_write: Cell::new(false),
            timeouts: Cell::new(default_timeouts()),
            error: Cell::new(0),
            message: RefCell::new(None),
            settings: RefCell::new(Settings::default()),
            kept: RefCell::new(None),
            on_close: RefCell::new(None),
            name: RefCell::new(None),
            file: RefCell::new(None),
            secure: Secure::default(),
        };
        made.set_defaults();
        made
    }

    /// A connection that `listener` took; it has its time-outs and its rule for packets.
    pub(super) fn accepted(fd: RawFd, listener: &Self) -> Self {
        let mut made = Self::of(fd, listener.domain, listener.kind, listener.protocol, false);
        made.secure = listener.secure.accepted();
        made.timeouts.set(listener.timeouts.get());
        made.settings.replace(listener.settings.borrow().clone());
        made.connected.set(true);
        made
    }

    /// Options that Swoole gives every socket.
    fn set_defaults(&self) {
        let inet = self.is_inet();
        if inet && self.kind == libc::SOCK_STREAM {
            // Not fatal: the other end need not be TCP.
            let _ = socket::set_option(self.fd.get(), libc::IPPROTO_TCP, libc::TCP_NODELAY, &1i32);
        }
        if inet && self.kind == libc::SOCK_DGRAM {
            let size = settings::with(|settings| settings.socket_buffer_size);
            let size = size.unwrap_or_else(|| ini::long(c"swoole.socket_buffer_size")) as i32;
            for name in [libc::SO_SNDBUF, libc::SO_RCVBUF] {
                let _ = socket::set_option(self.fd.get(), libc::SOL_SOCKET, name, &size);
            }
        }
    }

    /// Its descriptor; -1 once it is closed.
    pub(crate) fn fd(&self) -> RawFd {
        self.fd.get()
    }

    /// Whether it is closed.
    pub(crate) fn is_closed(&self) -> bool {
        self.fd.get() < 0
    }

    /// Whether it is of the Internet's families, over TCP or UDP.
    pub(super) fn is_inet(&self) -> bool {
        matches!(self.domain, libc::AF_INET | libc::AF_INET6)
            && matches!(self.kind, libc::SOCK_STREAM | libc::SOCK_DGRAM)
    }

    /// The number of the last call's error, 0 for none.
    pub(crate) fn error(&self) -> i32 {
        self.error.get()
    }

    /// Words for it.
    pub(crate) fn error_text(&self) -> String {
        match &*self.message.borrow() {
            Some(text) => text.clone(),
            None if self.error.get() == 0 => String::new(),
            None => errors::text(self.error.get()),
        }
    }

    /// Notes how a call went.
    #[inline]
    pub(crate) fn set_error(&self, number: i32) {
        self.error.set(number);
        errors::set_errno(number);
        errors::set_last(number);
        if let Ok(mut message) = self.message.try_borrow_mut()
            && message.is_some()
        {
            *message = None;
        }
    }

    /// Notes an error and fails.
    pub(crate) fn fail<T>(&self, number: i32) -> Outcome<T> {
        self.set_error(number);
        Err(Failed)
    }

    /// Notes an error in words of its own and fails.
    pub(crate) fn fail_with<T>(&self, number: i32, words: String) -> Outcome<T> {
        self.set_error(number);
        self.message.replace(Some(words));
        Err(Failed)
    }

    pub(super) fn fail_of<T>(&self, error: &io::Error) -> Outcome<T> {
        self.fail(number_of(error))
    }

    fn place(&self, direction: Direction) -> &Cell<i64> {
        match direction {
            Direction::Read => &self.reader,
            Direction::Write => &self.writer,
        }
    }

    /// The coroutine that waits in this direction, 0 for none.
    pub(crate) fn bound(&self, direction: Direction) -> i64 {
        self.place(direction).get()
    }

    /// Whether a call in these directions may begin.
    ///
    /// # Errors
    /// Another coroutine waits (throws), or it is closed.
    #[inline]
    pub(crate) fn available(&self, directions: &[Direction]) -> Outcome<()> {
        for direction in directions {
            let by = self.bound(*direction);
            if by != 0 {
                runtime::throw_bound(self.fd.get(), by, *direction);
                return Err(Failed);
            }
        }
        if self.is_closed() {
            return self.fail(libc::EBADF);
        }
        if self.closing.get() {
            return self.fail(CLOSE_WAIT);
        }
        Ok(())
    }

    /// Waits until the socket is ready in this direction.
    ///
    /// # Errors
    /// The time passed, it was closed or cancelled, or this is no coroutine (throws).
    pub(crate) fn wait(&self, direction: Direction, limit: &mut Limit) -> Outcome<()> {
        let Some(id) = engine::current_id() else {
            let number = i64::from(errors::CO_OUT_OF_COROUTINE);
            let _ = zend::throw::<()>(ce::swoole_error(), "API must be called in the coroutine", number);
            return Err(Failed);
        };
        if self.closing.get() {
            return self.fail(CLOSE_WAIT);
        }
        self.set_error(0);
        let interest = match direction {
            Direction::Read => Interest::READ,
            Direction::Write => Interest::WRITE,
        };
        let left = limit.left();
        if left == Some(Duration::ZERO) {
            return self.fail(libc::ETIMEDOUT);
        }
        let place = self.place(direction);
        place.set(id);
        let outcome = scheduler().wait_for(readiness::wait(self.fd.get(), interest, id), left);
        place.set(0);
        match outcome {
            Ok(Some(Ok(_) | Err(WaitError::AlwaysReady))) if !self.is_closed() => Ok(()),
            Ok(Some(Ok(_) | Err(WaitError::AlwaysReady))) => self.fail(libc::EBADF),
            Ok(Some(Err(WaitError::Taken { by, direction }))) => {
                runtime::throw_bound(self.fd.get(), by, direction);
                Err(Failed)
            }
            Ok(Some(Err(error))) => self.fail(error.errno()),
            Ok(None) => self.fail(libc::ETIMEDOUT),
            Err(Canceled) => self.fail(libc::ECANCELED),
        }
    }

    /// Repeats `attempt` until it does something else than ask to wait.
    ///
    /// # Errors
    /// What [`Core::wait`] fails for, and what the attempt does.
    #[inline]
    pub(crate) fn until_done<T>(
        &self,
        direction: Direction,
        limit: &mut Limit,
        mut attempt: impl FnMut() -> io::Result<T>,
    ) -> Outcome<T> {
        loop {
            match attempt() {
                Ok(done) => {
                    self.set_error(0);
                    return Ok(done);
                }
                Err(error) => match error.kind() {
                    io::ErrorKind::WouldBlock => self.wait(direction, limit)?,
                    io::ErrorKind::Interrupted => {}
                    // The kernel is out of memory for messages and will not say when that is over.
                    _ if error.raw_os_error() == Some(libc::ENOBUFS) && engine::current_id().is_some() => {
                        self.pause()?;
                    }
                    _ => return self.fail_of(&error),
                },
            }
        }
    }

    fn pause(&self) -> Outcome<()> {
        const WHILE: Duration = Duration::from_millis(10);
        match scheduler().park_for(Waiting::External, Some(WHILE)) {
            Err(Canceled) => self.fail(libc::ECANCELED),
            Ok(_) if self.is_closed() => self.fail(libc::EBADF),
            Ok(_) => Ok(()),
        }
    }

    /// Ends the wait of whoever waits in this direction. False when nobody does.
    pub(crate) fn cancel(&self, direction: Direction) -> bool {
        match self.bound(direction) {
            0 => false,
            id => {
                self.set_error(libc::ECANCELED);
                scheduler().cancel(id)
            }
        }
    }

    /// Closes it, after sending away who waits.
    pub(crate) fn close(&self) {
        if self.is_closed() || self.closing.get() {
            return;
        }
        if self.connected.get() {
            // As the peer sees it; nothing hangs on it.
            let _ = self.shutdown(libc::SHUT_RDWR);
        }
        self.closing.set(true);
        self.cancel(Direction::Write);
        self.cancel(Direction::Read);
        let fd = self.fd.replace(-1);
        self.kept.replace(None);
        if !self.borrowed {
            readiness::closing(fd);
            socket::close(fd);
        }
        if let Some(told) = self.on_close.take() {
            told();
        }
    }

    /// Has `told` called when [`Core::close`] has closed it.
    pub(crate) fn tell_close(&self, told: Box<dyn FnOnce()>) {
        self.on_close.replace(Some(told));
    }

    /// Ends a direction, or both.
    ///
    /// # Errors
    /// It is not connected, or that direction has ended.
    pub(crate) fn shutdown(&self, how: i32) -> Outcome<()> {
        self.set_error(0);
        let ended = match how {
            libc::SHUT_RD => self.shut_read.get(),
            libc::SHUT_WR => self.shut_write.get(),
            _ => false,
        };
        if !self.connected.get() || self.is_closed() || ended {
            return self.fail(libc::ENOTCONN);
        }
        if how != libc::SHUT_RD {
            self.end_tls();
        }
        let both = match socket::shutdown(self.fd.get(), how) {
            Ok(()) => how == libc::SHUT_RDWR,
            // The other end has gone.
            Err(error) if error.raw_os_error() == Some(libc::ENOTCONN) => true,
            Err(error) => return self.fail_of(&error),
        };
        self.shut_read.set(self.shut_read.get() || both || how == libc::SHUT_RD);
        self.shut_write.set(self.shut_write.get() || both || how == libc::SHUT_WR);
        self.connected.set(!(self.shut_read.get() && self.shut_write.get()));
        Ok(())
    }

    /// The rule for packets.
    pub(super) fn framing(&self) -> Framing {
        self.settings.borrow().framing(Precedence::Length)
    }

    /// Bytes that have come and were not asked for yet.
    #[inline]
    pub(super) fn kept(&self) -> usize {
        self.kept.borrow().as_ref().map_or(0, |kept| kept.buffered().len())
    }

    /// Notes that an address is none.
    pub(super) fn fail_address<T>(&self, bad: BadAddress) -> Outcome<T> {
        self.fail(match bad {
            BadAddress::Host => errors::BAD_HOST_ADDR,
            BadAddress::Port => errors::BAD_PORT,
            BadAddress::TooLong => constants::SWOOLE_ERROR_NAME_TOO_LONG as i32,
            BadAddress::Family => constants::SWOOLE_ERROR_BAD_SOCKET_TYPE as i32,
        })
    }
}

/// `SWOOLE_ERROR_CO_SOCKET_CLOSE_WAIT`.
const CLOSE_WAIT: i32 = constants::SWOOLE_ERROR_CO_SOCKET_CLOSE_WAIT as i32;

/// What the settings of the process say.
fn default_timeouts() -> Timeouts {
    settings::with(|settings| Timeouts {
        dns: settings.socket_dns_timeout,
        connect: settings.socket_connect_timeout,
        read: settings.socket_read_timeout,
        write: settings.socket_write_timeout,
    })
}

impl Drop for Core {
    fn drop(&mut self) {
        let fd = self.fd.get();
        if fd >= 0 && !self.borrowed {
            readiness::closing(fd);
            socket::close(fd);
        }
    }
}
