//! What is watched: descriptors, their callbacks, and the source that calls them.

use super::deferred;
use super::output::Output;
use super::{READ, WRITE};
use crate::classes::{constants, errors};
use crate::coroutine::engine::{self, scheduler};
use crate::coroutine::source::{Leaving, Source};
use crate::io::events::{self, Event, Events};
use crate::io::readiness::{self, Direction};
use crate::log;
use crate::zend::call::Thrown;
use crate::zend::callable::Callable;
use ext_php_rs::types::Zval;
use std::cell::RefCell;
use std::os::fd::RawFd;
use std::rc::Rc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::Context;

/// The kind of Swoole's sockets that users watch, for its log.
const FD_TYPE: i32 = 16;
/// Events below this are what a plain number would be: Swoole watches for reading then.
const FIRST_EVENT: i64 = 256;

/// What Rust code does when something has happened to its descriptor: it gets the bits of `io::events`.
pub(crate) type Handler = Rc<dyn Fn(u32) -> Result<(), Thrown>>;

/// One watched descriptor.
pub(super) struct Watch {
    /// It is Rust code's, with the bits that it wants; nothing else counts then.
    native: Option<(Handler, u32)>,
    generation: u32,
    /// What PHP code passed: the callbacks get it.
    value: Zval,
    read: Option<Callable>,
    write: Option<Callable>,
    /// `SWOOLE_EVENT_*`, as PHP code wants them.
    events: i64,
    output: Output,
    /// The kernel watches it.
    armed: bool,
}

impl Watch {
    fn new(value: Zval) -> Self {
        let generation = WATCHED.generation.fetch_add(1, Ordering::Relaxed);
        let output = Output::default();
        Self { native: None, generation, value, read: None, write: None, events: 0, output, armed: true }
    }

    /// `SWOOLE_EVENT_*`, those of waiting output included.
    fn all_events(&self) -> i64 {
        self.events | if self.output.is_empty() { 0 } else { WRITE }
    }

    fn bits(&self) -> u32 {
        if let Some((_, bits)) = self.native {
            return bits;
        }
        let events = self.all_events();
        let read = events < FIRST_EVENT || events & READ != 0;
        (if read { events::READ } else { 0 }) | if events & WRITE != 0 { events::WRITE } else { 0 }
    }

    fn token(&self, fd: RawFd) -> u64 {
        u64::from(self.generation) << 32 | u64::from(fd as u32)
    }
}

#[derive(Default)]
struct Reactor {
    events: Option<Events>,
    /// By descriptor.
    watches: Vec<Option<Box<Watch>>>,
    /// Those that the kernel watches.
    armed: usize,
}

thread_local! {
    static REACTOR: RefCell<Reactor> = RefCell::default();
}

fn control_failed(origin: &str, operation: &str, epoll: RawFd, fd: RawFd, events: i64, errno: i32) {
    let text =
        format!("[Reactor#0] epoll_ctl(epfd={epoll}, {operation}, fd={fd}, fd_type={FD_TYPE}, events={events}) failed");
    errors::set_last(errno);
    log::system_warning(origin, &text, errno);
}

/// Whether a coroutine waits for the descriptor.
pub(crate) fn is_waited_for(fd: RawFd) -> bool {
    [Direction::Read, Direction::Write].into_iter().any(|direction| readiness::waiting(fd, direction).is_some())
}

/// The epoll descriptor of what is watched, once there was something.
pub(crate) fn number() -> Option<RawFd> {
    REACTOR.with_borrow(|reactor| reactor.events.as_ref().map(Events::number))
}

/// Number of watched descriptors.
pub(crate) fn count() -> usize {
    REACTOR.with_borrow(|reactor| reactor.armed)
}

/// Whether the descriptor was added and not deleted since.
pub(crate) fn is_watched(fd: RawFd) -> bool {
    REACTOR.with_borrow(|reactor| reactor.watch(fd).is_some())
}

/// The `SWOOLE_EVENT_*` that the descriptor is watched for.
pub(super) fn events(fd: RawFd) -> i64 {
    let of = |watch: &Watch| if watch.armed { watch.all_events() } else { 0 };
    REACTOR.with_borrow(|reactor| reactor.watch(fd).map_or(0, of))
}

/// Watches a descriptor. False, with a line in the log, when the system refuses.
pub(super) fn add(fd: RawFd, value: &Zval, [read, write]: [Option<Callable>; 2], wanted: i64) -> bool {
    let value = value.shallow_clone();
    insert(fd, Watch { read, write, events: wanted, ..Watch::new(value) })
}

/// Watches a descriptor for Rust code. False, with a line in the log, when the system refuses.
pub(crate) fn add_native(fd: RawFd, bits: u32, handler: Handler) -> bool {
    insert(fd, Watch { native: Some((handler, bits)), ..Watch::new(Zval::null()) })
}

/// Changes what Rust code watches a descriptor for. False when it does not, or the system refuses.
pub(crate) fn set_native(fd: RawFd, wanted: u32) -> bool {
    REACTOR.with_borrow_mut(|reactor| match reactor.watch_mut(fd).and_then(|watch| watch.native.as_mut()) {
        Some((_, bits)) if *bits == wanted => true,
        Some((_, bits)) => {
            *bits = wanted;
            reactor.rearm(fd)
        }
        None => false,
    })
}

/// Ends what [`add_native`] began. False when there is nothing to end.
pub(crate) fn remove_native(fd: RawFd) -> bool {
    let removed = REACTOR.with_borrow_mut(|reactor| {
        let place = reactor.watches.get_mut(usize::try_from(fd).ok()?)?;
        place.as_ref()?.native.as_ref()?;
        let watch = place.take()?;
        reactor.armed -= usize::from(watch.armed);
        if let (Some(events), true) = (&reactor.events, watch.armed) {
            // Closed already: then the kernel watches it no longer either.
            let _ = events.remove(fd);
        }
        Some(watch)
    });
    removed.is_some()
}

fn insert(fd: RawFd, watch: Watch) -> bool {
    let wanted = watch.all_events();
    REACTOR.with_borrow_mut(|reactor| {
        if reactor.events.is_none() {
            reactor.events = Events::new().ok();
        }
        let (added, epoll) = match &reactor.events {
            // A coroutine waits for it: in Swoole both are in one set.
            Some(events) if is_waited_for(fd) => (Err(libc::EEXIST), events.number()),
            Some(events) => (events.add(fd, watch.bits(), watch.token(fd)), events.number()),
            None => (Err(libc::EMFILE), -1),
        };
        if let Err(errno) = added {
            control_failed("ReactorEpoll::add()", "EPOLL_CTL_ADD", epoll, fd, wanted, errno);
            // Nothing of PHP's runs for it: the caller holds everything too.
            return false;
        }
        let index = fd.unsigned_abs() as usize;
        if index >= reactor.watches.len() {
            reactor.watches.resize_with(index + 1, || None);
        }
        reactor.watches[index] = Some(Box::new(watch));
        reactor.armed += 1;
        true
    })
}

/// Replaces callbacks, where new ones are given. Which ones there are now.
pub(super) fn set_callbacks(fd: RawFd, [read, write]: [Option<Callable>; 2]) -> [bool; 2] {
    let (has, old) = REACTOR.with_borrow_mut(|reactor| {
        let Some(watch) = reactor.watch_mut(fd) else { return ([false; 2], [None, None]) };
        let replace = |place: &mut Option<Callable>, new: Option<Callable>| match new {
            Some(new) => place.replace(new),
            None => None,
        };
        let old = [replace(&mut watch.read, read), replace(&mut watch.write, write)];
        ([watch.read.is_some(), watch.write.is_some()], old)
    });
    old.into_iter().flatten().for_each(deferred::free_later);
    has
}

impl Reactor {
    fn watch(&self, fd: RawFd) -> Option<&Watch> {
        self.watches.get(usize::try_from(fd).ok()?)?.as_deref()
    }

    fn watch_mut(&mut self, fd: RawFd) -> Option<&mut Watch> {
        self.watches.get_mut(usize::try_from(fd).ok()?)?.as_deref_mut()
    }

    /// Has the kernel watch for what is wanted now.
    fn rearm(&mut self, fd: RawFd) -> bool {
        let index = fd.unsigned_abs() as usize;
        let (Some(events), Some(Some(watch))) = (&self.events, self.watches.get_mut(index)) else { return false };
        let (bits, token) = (watch.bits(), watch.token(fd));
        let armed = if watch.armed { events.change(fd, bits, token) } else { events.add(fd, bits, token) };
        if let Err(errno) = armed {
            let all = watch.all_events();
            control_failed("ReactorEpoll::set()", "EPOLL_CTL_MOD", events.number(), fd, all, errno);
            return false;
        }
        self.armed += usize::from(!watch.armed);
        watch.armed = true;
        true
    }
}

/// Changes what the descriptor is watched for. False, with a line in the log, when the system refuses.
pub(super) fn set_events(fd: RawFd, wanted: i64) -> bool {
    REACTOR.with_borrow_mut(|reactor| {
        let Some(watch) = reactor.watch_mut(fd) else { return false };
        let before = std::mem::replace(&mut watch.events, wanted);
        let changed = reactor.rearm(fd);
        if !changed && let Some(watch) = reactor.watch_mut(fd) {
            watch.events = before;
        }
        changed
    })
}

/// Watches the descriptor no longer. False when it was not watched.
pub(super) fn remove(fd: RawFd) -> bool {
    let removed = REACTOR.with_borrow_mut(|reactor| {
        let watch = reactor.watches.get_mut(usize::try_from(fd).ok()?)?.take()?;
        reactor.armed -= usize::from(watch.armed);
        let gone = match &reactor.events {
            Some(events) if watch.armed => events.remove(fd).map_err(|errno| (errno, events.number())),
            _ => Ok(()),
        };
        Some((watch, gone))
    });
    let Some((watch, gone)) = removed else { return false };
    let mut done = true;
    if let Err((errno, epoll)) = gone {
        let number = constants::SWOOLE_ERROR_EVENT_REMOVE_FAILED as i32;
        let events = watch.all_events();
        let text = format!("failed to delete events[fd={fd}#0, type={FD_TYPE}, events={events}, errno={errno}]");
        errors::set_last(number);
        log::error(log::WARNING, "ReactorImpl::after_removal_failure()", number, text.as_bytes());
        // Closed before it was deleted: then it is gone.
        done = errno == libc::EBADF || errno == libc::ENOENT;
        if !done {
            control_failed("ReactorEpoll::del()", "EPOLL_CTL_DEL", epoll, fd, events, errno);
        }
    }
    deferred::free_later(watch);
    done
}

/// Sends data, or keeps what the kernel does not take until the descriptor has room. False when it is refused.
pub(super) fn write(fd: RawFd, data: &[u8]) -> bool {
    REACTOR.with_borrow_mut(|reactor| {
        let Some(watch) = reactor.watch_mut(fd) else { return false };
        let before = watch.all_events();
        let written = watch.output.write(fd, data);
        if watch.all_events() != before {
            reactor.rearm(fd);
        }
        written
    })
}

/// The loop has ended: nothing is watched any more.
pub(super) fn forget() {
    // Dropped outside of the borrow: destructors may be PHP code.
    drop(REACTOR.take());
}

/// `Event::add()`.
pub(super) struct Watched {
    /// Of the newest watch.
    generation: AtomicU32,
}

/// The one source of watched descriptors.
pub(super) static WATCHED: Watched = Watched { generation: AtomicU32::new(0) };

impl Source for Watched {
    fn turn(&self, context: &mut Context<'_>) {
        if deferred::begin().is_err() {
            return;
        }
        let mut list = Vec::new();
        let ready = REACTOR.with_borrow_mut(|reactor| {
            let Reactor { events: Some(events), armed: 1.., .. } = reactor else { return false };
            loop {
                events.take(&mut list);
                // Without a registration nothing would wake the loop: then it asks all the time.
                if !list.is_empty() || !events.wait(context).unwrap_or(true) {
                    break;
                }
            }
            !list.is_empty()
        });
        if !ready {
            return;
        }
        for event in list {
            if serve(event).is_err() {
                return;
            }
        }
        engine::request_turn();
    }

    fn alive(&self) -> bool {
        count() > 0
    }

    fn detach(&self, leaving: Leaving) {
        REACTOR.with_borrow_mut(|reactor| {
            if let Some(events) = &mut reactor.events {
                events.leave(leaving == Leaving::Forked);
            }
        });
        if leaving == Leaving::Forked {
            super::forked();
        }
    }

    fn reset(&self) {
        forget();
    }
}

/// Calls what an event is for; a callback may have deleted the watch meanwhile.
fn serve(event: Event) -> Result<(), Thrown> {
    let fd = event.token as u32 as RawFd;
    let generation = (event.token >> 32) as u32;
    let native = REACTOR.with_borrow(|reactor| {
        let watch = reactor.watch(fd).filter(|watch| watch.generation == generation && watch.armed)?;
        watch.native.as_ref().map(|(handler, _)| Rc::clone(handler))
    });
    if let Some(handler) = native {
        scheduler().note_activity(true);
        return handler(event.bits);
    }
    let mut called = false;
    if event.bits & events::READ != 0 {
        called |= call(fd, generation, READ)?;
    }
    if event.bits & events::WRITE != 0 && !flush(fd, generation) {
        called |= call(fd, generation, WRITE)?;
    } else if event.bits & events::WRITE != 0 {
        called = true;
    }
    if event.bits & (events::READ | events::WRITE) == 0 && event.bits & events::FAILURE != 0 {
        let reads = REACTOR.with_borrow(|reactor| reactor.watch(fd).is_some_and(|it| it.events & READ != 0));
        called |= call(fd, generation, if reads { READ } else { WRITE })?;
    }
    if !called {
        disarm(fd, generation);
    }
    Ok(())
}

/// Sends waiting output. False when there was none.
fn flush(fd: RawFd, generation: u32) -> bool {
    REACTOR.with_borrow_mut(|reactor| {
        let Some(watch) = reactor.watch_mut(fd) else { return false };
        if watch.generation != generation || watch.output.is_empty() {
            return false;
        }
        watch.output.flush(fd);
        if watch.output.is_empty() {
            reactor.rearm(fd);
        }
        scheduler().note_activity(true);
        true
    })
}

/// Calls the callback for a direction. False when the watch lives and has none.
fn call(fd: RawFd, generation: u32, direction: i64) -> Result<bool, Thrown> {
    let found = REACTOR.with_borrow(|reactor| {
        let watch = reactor.watch(fd).filter(|watch| watch.generation == generation && watch.armed)?;
        let callback = if direction == READ { &watch.read } else { &watch.write };
        Some(callback.as_ref().map(|callback| (callback.clone(), watch.value.shallow_clone())))
    });
    match found {
        Some(Some((callback, value))) => engine::callback(&callback, &[value]).map(|()| true),
        Some(None) => Ok(false),
        None => Ok(true),
    }
}

/// An event that nobody wants would come for ever.
fn disarm(fd: RawFd, generation: u32) {
    REACTOR.with_borrow_mut(|reactor| {
        let Reactor { events: Some(events), watches, armed } = reactor else { return };
        if let Some(Some(watch)) = watches.get_mut(fd.unsigned_abs() as usize)
            && watch.generation == generation
            && watch.armed
        {
            // Closed already: then the kernel watches it no longer either.
            let _ = events.remove(fd);
            watch.armed = false;
            *armed -= 1;
        }
    });
}
