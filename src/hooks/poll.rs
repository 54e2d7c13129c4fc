//! `poll`, `ppoll`, `select`, `pselect`: PHP's streams, mysqlnd, phpredis, libcurl, libpq and most others wait here.

use super::caller::Caller;
use super::flags::hook;
use super::gate::{self, Ended, KeepErrno, Wanted};
use crate::io::readiness::Interest;
use libc::{fd_set, nfds_t, pollfd, sigset_t, timespec, timeval};
use std::ffi::{c_int, c_short};
use std::time::{Duration, Instant};

/// What readiness waits for; other bits are other names of these, answered by a second `poll`.
const PLAIN: c_short = libc::POLLIN | libc::POLLOUT | libc::POLLPRI | libc::POLLERR | libc::POLLHUP | libc::POLLNVAL;
const READS: c_short = libc::POLLIN | libc::POLLRDNORM | libc::POLLRDBAND | libc::POLLRDHUP;
const WRITES: c_short = libc::POLLOUT | libc::POLLWRNORM | libc::POLLWRBAND;

fn interest(events: c_short) -> Interest {
    match (events & READS != 0, events & WRITES != 0) {
        (true, true) => Interest::READ | Interest::WRITE,
        (true, false) => Interest::READ,
        (false, true) => Interest::WRITE,
        // Only errors and hang-ups, which come unasked.
        (false, false) => Interest::PRIORITY,
    }
}

/// What is left of a time-out; none for ever.
#[derive(Clone, Copy)]
struct Limit(Option<Instant>);

impl Limit {
    /// Longer ones need no timer: the process does not live that long.
    const DAY: Duration = Duration::from_secs(86_400);

    fn of(timeout: Option<Duration>) -> Self {
        Self(timeout.filter(|timeout| *timeout < Self::DAY).and_then(|timeout| Instant::now().checked_add(timeout)))
    }

    fn left(self) -> Option<Duration> {
        self.0.map(|end| end.saturating_duration_since(Instant::now()))
    }
}

fn milliseconds(timeout: c_int) -> Option<Duration> {
    u64::try_from(timeout).ok().map(Duration::from_millis)
}

pub(super) unsafe extern "C" fn poll<C: Caller>(fds: *mut pollfd, count: nfds_t, timeout: c_int) -> c_int {
    if timeout != 0
        && let Some(id) = gate::coroutine()
        // SAFETY: the caller's array.
        && let Some(result) = unsafe { wait_poll::<C>(id, fds, count, milliseconds(timeout)) }
    {
        return result;
    }
    // SAFETY: the caller's arguments as they are.
    unsafe { libc::poll(fds, count, timeout) }
}

/// What `poll` is when its caller was compiled with `_FORTIFY_SOURCE`.
pub(super) unsafe extern "C" fn poll_checked<C: Caller>(
    fds: *mut pollfd,
    count: nfds_t,
    timeout: c_int,
    size: libc::size_t,
) -> c_int {
    if size / size_of::<pollfd>() < count as usize {
        // SAFETY: what the checked functions of libc do: the caller's array is shorter than it says.
        unsafe { libc::abort() };
    }
    // SAFETY: the caller's arguments as they are.
    unsafe { poll::<C>(fds, count, timeout) }
}

pub(super) unsafe extern "C" fn ppoll<C: Caller>(
    fds: *mut pollfd,
    count: nfds_t,
    timeout: *const timespec,
    signals: *const sigset_t,
) -> c_int {
    // SAFETY: the caller's struct, or null.
    let limit = unsafe { timeout.as_ref() };
    let duration =
        limit.map(|time| Duration::new(time.tv_sec.max(0) as u64, (time.tv_nsec.clamp(0, 999_999_999)) as u32));
    if signals.is_null()
        && duration != Some(Duration::ZERO)
        && let Some(id) = gate::coroutine()
        // SAFETY: the caller's array.
        && let Some(result) = unsafe { wait_poll::<C>(id, fds, count, duration) }
    {
        return result;
    }
    // SAFETY: the caller's arguments as they are.
    unsafe { libc::ppoll(fds, count, timeout, signals) }
}

/// Polls by suspending; none when these descriptors are not hooked.
///
/// # Safety
/// As for `poll`.
unsafe fn wait_poll<C: Caller>(id: i64, fds: *mut pollfd, count: nfds_t, timeout: Option<Duration>) -> Option<c_int> {
    let count = usize::try_from(count).ok().filter(|count| *count <= 1 << 20)?;
    if count == 0 || fds.is_null() {
        return (super::flags::on(C::SLEEP) && timeout.is_some()).then(|| sleep_for::<C>(timeout));
    }
    // SAFETY: the caller's array; only this call writes to it until it returns.
    let list = unsafe { std::slice::from_raw_parts_mut(fds, count) };
    // Those with a negative number are ignored by poll.
    let first = list.iter().find(|one| one.fd >= 0)?.fd;
    if !C::waits_for(first) {
        return None;
    }
    gate::quietly(C::OWN_ERRORS);
    if let [one] = list
        && let Err(ended) = gate::free(id, one.fd, interest(one.events))
    {
        return Some(gate::fail(C::number(ended)));
    }
    let limit = Limit::of(timeout);
    let errno = KeepErrno::new();
    // Looking whether an answer is there already is in vain right after the question, and a wait would say so at once.
    let mut look = !matches!(list, [one] if gate::just_asked(one.fd) && interest(one.events) == Interest::READ);
    loop {
        // SAFETY: as above; does not wait.
        let now = if look { unsafe { libc::poll(list.as_mut_ptr(), count as nfds_t, 0) } } else { 0 };
        look = true;
        if now > 0 {
            return Some(now);
        }
        if now < 0 {
            errno.discard();
            return Some(now);
        }
        gate::quietly(C::OWN_ERRORS);
        let waited = match list {
            [one] => gate::ready(id, one.fd, interest(one.events), limit.left()).map(Some),
            _ => gate::any_ready(id, &wanted(list), limit.left()).map(|()| None),
        };
        match waited {
            Ok(Some(ready)) if list[0].events & !PLAIN == 0 => {
                let events = ready.revents() & (list[0].events | libc::POLLERR | libc::POLLHUP | libc::POLLNVAL);
                if events != 0 {
                    list[0].revents = events;
                    return Some(1);
                }
            }
            Ok(_) => {}
            Err(Ended::TimedOut) => {
                // SAFETY: as above. What became ready in the last moment counts.
                return Some(unsafe { libc::poll(list.as_mut_ptr(), count as nfds_t, 0) });
            }
            Err(ended) => {
                errno.discard();
                return Some(gate::fail(C::number(ended)));
            }
        }
    }
}

fn sleep_for<C: Caller>(timeout: Option<Duration>) -> c_int {
    let errno = KeepErrno::new();
    if gate::pause(timeout.unwrap_or(Duration::MAX)) {
        return 0;
    }
    errno.discard();
    gate::last_error(libc::ECANCELED);
    gate::fail(C::number(Ended::Failed(libc::ECANCELED)))
}

/// Each descriptor once.
fn wanted(list: &[pollfd]) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = list
        .iter()
        .filter(|one| one.fd >= 0)
        .map(|one| Wanted { fd: one.fd, interest: interest(one.events) })
        .collect();
    wanted.sort_by_key(|one| one.fd);
    wanted.dedup_by(|later, first| {
        let same = later.fd == first.fd;
        if same {
            first.interest = first.interest | later.interest;
        }
        same
    });
    wanted
}

pub(super) unsafe extern "C" fn select<C: Caller>(
    count: c_int,
    reads: *mut fd_set,
    writes: *mut fd_set,
    urgent: *mut fd_set,
    timeout: *mut timeval,
) -> c_int {
    // SAFETY: the caller's struct, or null.
    let limit = unsafe { timeout.as_ref() }
        .map(|time| Duration::from_secs(time.tv_sec.max(0) as u64) + Duration::from_micros(time.tv_usec.max(0) as u64));
    if limit != Some(Duration::ZERO)
        && let Some(id) = gate::coroutine_if(C::SELECT)
    {
        let end = Limit::of(limit);
        // As in Swoole, `stream_select()` lets others run first, whatever is ready, also those who wait for events.
        let others_first = C::SELECT == hook::STREAM_FUNCTION;
        let result = match others_first && !gate::give_way_to_events() {
            true => gate::fail(libc::ECANCELED),
            // SAFETY: the caller's sets.
            false => unsafe { wait_select::<C>(id, count, [reads, writes, urgent], limit) },
        };
        // SAFETY: as above; Linux tells how much time was left.
        if let Some(time) = unsafe { timeout.as_mut() }
            && result >= 0
        {
            let left = end.left().or(limit).unwrap_or_default();
            time.tv_sec = left.as_secs() as libc::time_t;
            time.tv_usec = left.subsec_micros() as libc::suseconds_t;
        }
        return result;
    }
    // SAFETY: the caller's arguments as they are.
    unsafe { libc::select(count, reads, writes, urgent, timeout) }
}

pub(super) unsafe extern "C" fn pselect<C: Caller>(
    count: c_int,
    reads: *mut fd_set,
    writes: *mut fd_set,
    urgent: *mut fd_set,
    timeout: *const timespec,
    signals: *const sigset_t,
) -> c_int {
    // SAFETY: the caller's struct, or null.
    let limit = unsafe { timeout.as_ref() }
        .map(|time| Duration::new(time.tv_sec.max(0) as u64, (time.tv_nsec.clamp(0, 999_999_999)) as u32));
    if signals.is_null()
        && limit != Some(Duration::ZERO)
        && let Some(id) = gate::coroutine_if(C::SELECT)
    {
        // SAFETY: the caller's sets.
        return unsafe { wait_select::<C>(id, count, [reads, writes, urgent], limit) };
    }
    // SAFETY: the caller's arguments as they are.
    unsafe { libc::pselect(count, reads, writes, urgent, timeout, signals) }
}

const BITS: usize = libc::c_ulong::BITS as usize;

/// Bytes that the kernel reads and writes of a set for descriptors below `count`; PHP may pass sets longer than `fd_set`.
fn words(count: usize) -> usize {
    count.div_ceil(BITS)
}

/// # Safety
/// Each set is null or has room for `count` descriptors.
unsafe fn wait_select<C: Caller>(id: i64, count: c_int, sets: [*mut fd_set; 3], timeout: Option<Duration>) -> c_int {
    let Ok(count) = usize::try_from(count) else { return gate::fail(libc::EINVAL) };
    let sets = sets.map(|set| set.cast::<libc::c_ulong>());
    // SAFETY: promised by the caller.
    let copies = sets.map(|set| unsafe {
        if set.is_null() { Vec::new() } else { std::slice::from_raw_parts(set, words(count)).to_vec() }
    });
    let holds = |which: usize, fd: usize| copies[which].get(fd / BITS).is_some_and(|word| word >> (fd % BITS) & 1 != 0);
    let mut wanted = Vec::new();
    for fd in 0..count {
        let (read, write) = (holds(0, fd) || holds(2, fd), holds(1, fd));
        let interest = match (read, write) {
            (false, false) => continue,
            (true, true) => Interest::READ | Interest::WRITE,
            (true, false) if !holds(0, fd) => Interest::PRIORITY,
            (true, false) => Interest::READ,
            (false, true) => Interest::WRITE,
        };
        wanted.push(Wanted { fd: fd as c_int, interest });
    }
    if wanted.is_empty() {
        return sleep_for::<C>(timeout);
    }
    let limit = Limit::of(timeout);
    let errno = KeepErrno::new();
    let mut last = false;
    loop {
        let mut zero = timeval { tv_sec: 0, tv_usec: 0 };
        // SAFETY: the caller's sets; does not wait.
        let now = unsafe { libc::select(count as c_int, sets[0].cast(), sets[1].cast(), sets[2].cast(), &mut zero) };
        if now < 0 {
            errno.discard();
            return now;
        }
        if now > 0 || last {
            return now;
        }
        for (set, copy) in sets.iter().zip(&copies) {
            if !set.is_null() {
                // SAFETY: as long as it was when it was copied.
                unsafe { std::ptr::copy_nonoverlapping(copy.as_ptr(), *set, copy.len()) };
            }
        }
        match gate::any_ready(id, &wanted, limit.left()) {
            Ok(()) => {}
            Err(Ended::TimedOut) => last = true,
            Err(ended) => {
                errno.discard();
                return gate::fail(C::number(ended));
            }
        }
    }
}
