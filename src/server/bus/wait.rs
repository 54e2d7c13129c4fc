//! Waiting in a process that has no runtime.

use super::{Bus, Inbox, inbox};
use std::io;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd, RawFd};
use std::time::{Duration, Instant};

/// Longest sleep of a process that waits for room: of several, only one may hear the bell.
const SLICE: Duration = Duration::from_millis(20);

/// What a process without a runtime has waited for.
struct Happened {
    arrived: bool,
    rang: bool,
    /// Something that waited was sent completely.
    flushed: bool,
}

/// Hears bells, with one system call: that of the own inbox each time it is rung, so that nobody has to make it quiet.
pub(super) struct Ears {
    epoll: OwnedFd,
    own: RawFd,
    bell: RawFd,
}

impl Ears {
    fn new(own: RawFd, bell: RawFd) -> io::Result<Self> {
        // SAFETY: opens a descriptor.
        let epoll = unsafe { libc::epoll_create1(libc::EPOLL_CLOEXEC) };
        if epoll < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: just opened; nobody else has it.
        let epoll = unsafe { OwnedFd::from_raw_fd(epoll) };
        for (fd, how) in [(own, libc::EPOLLIN | libc::EPOLLET), (bell, libc::EPOLLIN)] {
            let mut event = libc::epoll_event { events: how as u32, u64: fd as u64 };
            // SAFETY: reads a record of ours. Whoever closes the descriptors has them go by itself.
            if fd >= 0 && unsafe { libc::epoll_ctl(epoll.as_raw_fd(), libc::EPOLL_CTL_ADD, fd, &raw mut event) } < 0 {
                return Err(io::Error::last_os_error());
            }
        }
        Ok(Self { epoll, own, bell })
    }

    /// Waits so many milliseconds, or for ever: whether the own bell was rung, and the other.
    fn listen(&self, left: i32) -> io::Result<(bool, bool)> {
        let mut events = [libc::epoll_event { events: 0, u64: 0 }; 2];
        // SAFETY: fills at most two records of ours.
        let count = unsafe { libc::epoll_wait(self.epoll.as_raw_fd(), events.as_mut_ptr(), 2, left) };
        let count = usize::try_from(count).map_err(|_| io::Error::last_os_error())?;
        let rang = |fd: RawFd| events[..count].iter().any(|event| event.u64 == fd as u64);
        Ok((rang(self.own), rang(self.bell)))
    }
}

impl Bus {
    /// Waits, without a runtime, until something has arrived, `bell` is readable, or `until` has come; sends what waits meanwhile. Whether
    /// the bell has rung, or may have: it is not looked at when something has arrived already.
    ///
    /// # Errors
    /// What `poll` says; a signal is no error.
    pub fn wait(&self, bell: RawFd, until: Option<Instant>) -> io::Result<bool> {
        self.end_gathering();
        if self.waiting.get() == 0 && self.linger_too() {
            return Ok(false);
        }
        while self.sleep() {
            let happened = self.poll(Some(bell), until)?;
            if happened.arrived
                || happened.rang
                || happened.flushed
                || until.is_some_and(|until| until <= Instant::now())
            {
                return Ok(happened.rang);
            }
        }
        Ok(false)
    }

    /// Waits, without a runtime, until everything for process `to` is sent, or `until` has come. What arrives meanwhile is kept.
    /// True when it is sent.
    ///
    /// # Errors
    /// What `poll` says.
    pub fn wait_for_room(&self, to: usize, until: Option<Instant>) -> io::Result<bool> {
        while self.queued(to) > 0 {
            self.poll(None, until)?;
            if let Some(inbox) = self.inbox(self.own.get()) {
                self.incoming.borrow_mut().set_aside(inbox);
            }
            if until.is_some_and(|until| until <= Instant::now()) {
                break;
            }
        }
        if self.has_taken()
            && let Some(inbox) = self.inbox(self.own.get())
        {
            // What was put aside is to be handled though nothing more arrives.
            inbox.ring();
        }
        Ok(self.queued(to) == 0)
    }

    /// One `poll`.
    fn poll(&self, bell: Option<RawFd>, until: Option<Instant>) -> io::Result<Happened> {
        let bell = bell.unwrap_or(-1);
        if self.waiting.get() == 0 {
            return self.listen(bell, until);
        }
        let full: Vec<usize> = {
            let outgoing = self.outgoing.borrow();
            (0..outgoing.len()).filter(|index| !outgoing[*index].datagrams.is_empty()).collect()
        };
        let rooms = full.iter().map(|index| self.inbox(*index).map_or(-1, |inbox| inbox.room.as_raw_fd()));
        let mut polls: Vec<libc::pollfd> = [self.descriptor(), bell]
            .into_iter()
            .chain(rooms)
            .map(|fd| libc::pollfd { fd, events: libc::POLLIN, revents: 0 })
            .collect();
        let left = until.map_or(SLICE, |until| until.saturating_duration_since(Instant::now()).min(SLICE));
        // What has come since the inbox was looked at is not waited for.
        let sleeps = self.inbox(self.own.get()).is_none_or(Inbox::sleep);
        let left = milliseconds(Some(if sleeps { left } else { Duration::ZERO }));
        // SAFETY: live records.
        if unsafe { libc::poll(polls.as_mut_ptr(), polls.len() as libc::nfds_t, left) } < 0 {
            let error = io::Error::last_os_error();
            let anything = Happened { arrived: true, rang: true, flushed: false };
            return if error.kind() == io::ErrorKind::Interrupted { Ok(anything) } else { Err(error) };
        }
        let (arrived, rang, mut flushed) = (polls[0].revents != 0, polls[1].revents != 0, false);
        for (place, poll) in polls.iter().enumerate() {
            if place != 1 && poll.revents != 0 {
                inbox::silence(poll.fd);
            }
        }
        let mut outgoing = self.outgoing.borrow_mut();
        for index in full {
            if let Some(inbox) = self.inbox(index) {
                flushed |= self.send_waiting(&mut outgoing[index], inbox);
            }
        }
        Ok(Happened { arrived, rang, flushed })
    }

    /// As `poll`, when nothing waits to be sent.
    fn listen(&self, bell: RawFd, until: Option<Instant>) -> io::Result<Happened> {
        let own = self.descriptor();
        let mut ears = self.ears.borrow_mut();
        let ears = match &mut *ears {
            Some(ears) if ears.own == own && ears.bell == bell => ears,
            other => other.insert(Ears::new(own, bell)?),
        };
        // What has come since the inbox was looked at is not waited for.
        let sleeps = self.inbox(self.own.get()).is_none_or(Inbox::sleep);
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        let left = milliseconds(if sleeps { left } else { Some(Duration::ZERO) });
        match ears.listen(left) {
            Ok((arrived, rang)) => Ok(Happened { arrived, rang, flushed: false }),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {
                Ok(Happened { arrived: true, rang: true, flushed: false })
            }
            Err(error) => Err(error),
        }
    }
}

/// Until a time has passed, as the system wants to be told.
fn milliseconds(left: Option<Duration>) -> i32 {
    left.map_or(-1, |left| i32::try_from(left.as_micros().div_ceil(1000)).unwrap_or(i32::MAX))
}
