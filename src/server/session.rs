//! Who is connected: one table that all processes of a server share.
//!
//! A connection is known to PHP by its session, a number that is never used twice. Its row is written by the process that owns the
//! socket (its *owner*), and read by all: `getClientInfo()` and `$server->connections` give the same answers everywhere. A row is
//! found by its number modulo the table's size, so nothing is searched. The part of the table that is in use doubles when a quarter of it is
//! taken: memory that is touched is memory of every process, and numbers go round.

#[cfg(test)]
mod tests;

use super::certificates::Certificates;
use crate::shm::region::Region;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::RawFd;
use std::sync::atomic::Ordering::{AcqRel, Acquire, Relaxed, Release};
use std::sync::atomic::{AtomicI64, AtomicU8, AtomicU16, AtomicU32, AtomicU64, AtomicUsize, fence};

/// Somebody closes it: its close event is under way.
pub const CLOSING: u32 = 1;
/// The server has closed it; bytes may still be on their way out.
pub const CLOSED: u32 = 2;
/// Heartbeats leave it alone.
pub const PROTECTED: u32 = 4;
/// More waits to be sent than allowed.
pub const OVERFLOW: u32 = 8;
/// The server closed it, not its client.
pub const ACTIVELY: u32 = 16;

#[repr(C, align(64))]
struct Head {
    last: AtomicI64,
    open: AtomicI64,
    /// Rows in use, less one; it only grows.
    mask: AtomicUsize,
}

/// One connection; zero where there is none.
#[repr(C, align(64))]
#[derive(Default)]
pub struct Row {
    /// The session; below zero while its owner `-1 - id` fills it in.
    id: AtomicI64,
    address: [AtomicU64; 2],
    flags: AtomicU32,
    fd: AtomicU32,
    uid: AtomicU32,
    worker: AtomicU32,
    connected: AtomicU64,
    received: AtomicU64,
    sent: AtomicU64,
    dispatched: AtomicU64,
    unread: AtomicU32,
    unsent: AtomicU32,
    /// Bytes that other processes have sent to the owner and it has not seen.
    coming: AtomicU64,
    remote_port: AtomicU16,
    port: AtomicU16,
    owner: AtomicU16,
    websocket: AtomicU8,
    family: AtomicU8,
    close_errno: AtomicU32,
    /// Bytes of its client's certificate, 0 for none.
    certificate: AtomicU32,
}

/// What is known about a connection when it is made.
#[derive(Clone, Copy, Debug)]
pub struct Birth {
    /// The process that owns its socket.
    pub owner: u16,
    /// The index of the port that it came to.
    pub port: u16,
    /// The number of its descriptor in the owner.
    pub fd: RawFd,
    /// Its client, `None` on a unix socket.
    pub remote: Option<SocketAddr>,
}

/// What is known about a connection.
#[derive(Clone, Debug, PartialEq)]
pub struct Info {
    /// The process that owns its socket.
    pub owner: u16,
    /// The index of the port that it came to.
    pub port: u16,
    /// The number of its descriptor in the owner.
    pub fd: RawFd,
    /// Its client, `None` on a unix socket.
    pub remote: Option<SocketAddr>,
    /// What `bind()` gave it, 0 for nothing.
    pub uid: u32,
    /// The worker that it was given to for good, if the way of dispatching does so.
    pub worker: Option<usize>,
    /// When it was made, in seconds of Unix time.
    pub connected: f64,
    /// When its last bytes came.
    pub received: f64,
    /// When its last bytes went.
    pub sent: f64,
    /// When its last message was given to a worker.
    pub dispatched: f64,
    /// Bytes that were read and not given to PHP.
    pub unread: u32,
    /// Bytes that wait to be sent.
    pub unsent: u32,
    /// The errno that ended it.
    pub close_errno: i32,
    /// How far it is as a WebSocket, `SWOOLE_WEBSOCKET_STATUS_*`.
    pub websocket: u8,
    /// What goes on with it, of this module's flags.
    pub flags: u32,
}

/// The table.
pub struct Sessions {
    region: Region,
    /// Rows that may be in use, less one.
    most: usize,
    limit: i64,
    /// What clients have shown, where processes look who do not own the connections.
    certificates: Option<Certificates>,
}

/// Rows that are in use at first.
const FEWEST: usize = 1024;

/// Seconds of Unix time.
pub fn now() -> f64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: fills a value of ours; this clock is always there.
    unsafe { libc::clock_gettime(libc::CLOCK_REALTIME, &raw mut time) };
    time.tv_sec as f64 + time.tv_nsec as f64 / 1e9
}

impl Sessions {
    /// A table for so many connections at a time, to be made before the first fork.
    ///
    /// # Errors
    /// No address space.
    pub fn new(limit: usize) -> io::Result<Self> {
        Self::after_number(limit, 0)
    }

    /// As [`Sessions::new`], with the first number after `start`.
    ///
    /// # Errors
    /// No address space.
    pub fn after_number(limit: usize, start: i64) -> io::Result<Self> {
        let rows = limit.clamp(32, 1 << 24).next_power_of_two() * 2;
        let region = Region::new_unreserved(size_of::<Head>() + rows * size_of::<Row>())?;
        let sessions = Self { region, most: rows - 1, limit: limit as i64, certificates: None };
        sessions.head().last.store(start.max(0), Relaxed);
        sessions.head().mask.store(rows.min(FEWEST) - 1, Relaxed);
        Ok(sessions)
    }

    /// Has all processes know the certificates of clients; before the first fork.
    ///
    /// # Errors
    /// No descriptor is left.
    pub fn keep_certificates(&mut self) -> io::Result<()> {
        self.certificates = Some(Certificates::new()?);
        Ok(())
    }

    fn head(&self) -> &Head {
        // SAFETY: the region begins with the head, of which every bit pattern is valid and every access atomic.
        unsafe { self.region.start().cast().as_ref() }
    }

    fn all_rows(&self) -> &[Row] {
        // SAFETY: after the head the region holds `most + 1` rows, of which every bit pattern is valid and every access atomic.
        unsafe { std::slice::from_raw_parts(self.region.start().add(size_of::<Head>()).cast().as_ptr(), self.most + 1) }
    }

    fn rows(&self) -> &[Row] {
        &self.all_rows()[..=self.mask()]
    }

    fn mask(&self) -> usize {
        self.head().mask.load(Acquire).min(self.most)
    }

    /// The row that has this number: where it belongs now, or where it belonged when fewer rows were in use.
    fn row_of(&self, id: i64) -> Option<&Row> {
        let rows = self.rows();
        let mut mask = rows.len() - 1;
        loop {
            let row = &rows[id as usize & mask];
            if row.id.load(Acquire) == id {
                return Some(row);
            }
            if mask < FEWEST {
                return None;
            }
            mask >>= 1;
        }
    }

    /// Adds a connection; `None` when there are as many as may be.
    pub fn open(&self, birth: &Birth) -> Option<i64> {
        let head = self.head();
        let open = head.open.fetch_add(1, AcqRel);
        if open >= self.limit {
            head.open.fetch_sub(1, AcqRel);
            return None;
        }
        let mask = self.mask();
        if mask < self.most && open as usize >= mask / 4 {
            head.mask.fetch_max(mask << 1 | 1, AcqRel);
        }
        for _ in 0..=self.most {
            let id = head.last.fetch_add(1, Relaxed) + 1;
            let row = &self.rows()[id as usize & self.mask()];
            if row.id.compare_exchange(0, -1 - i64::from(birth.owner), AcqRel, Relaxed).is_ok() {
                row.fill(birth);
                row.id.store(id, Release);
                return Some(id);
            }
        }
        head.open.fetch_sub(1, AcqRel);
        None
    }

    /// Takes a connection out.
    pub fn close(&self, id: i64) {
        if let Some(row) = self.row(id) {
            self.take_out(row, id);
        }
    }

    fn take_out(&self, row: &Row, id: i64) {
        if let Some(certificates) = &self.certificates
            && row.certificate.swap(0, AcqRel) != 0
        {
            certificates.remove(self.place(row));
        }
        if row.id.compare_exchange(id, 0, AcqRel, Relaxed).is_ok() {
            self.head().open.fetch_sub(1, AcqRel);
        }
    }

    /// Which of all rows this one is.
    fn place(&self, row: &Row) -> usize {
        (std::ptr::from_ref(row).addr() - self.all_rows().as_ptr().addr()) / size_of::<Row>()
    }

    /// Whether the certificates of clients are to be known to all processes.
    pub fn keeps_certificates(&self) -> bool {
        self.certificates.is_some()
    }

    /// Has all processes know the certificate of a client; for its owner.
    ///
    /// # Errors
    /// No memory, or more of it than this process may write into a file.
    pub fn set_certificate(&self, id: i64, pem: &[u8]) -> io::Result<()> {
        if let (Some(certificates), Some(row)) = (&self.certificates, self.row(id)) {
            certificates.put(self.place(row), pem)?;
            row.certificate.store(pem.len() as u32, Release);
        }
        Ok(())
    }

    /// The certificate that a client has shown, as PEM.
    pub fn certificate(&self, id: i64) -> Option<Vec<u8>> {
        let row = self.row(id)?;
        let length = row.certificate.load(Acquire);
        let certificates = self.certificates.as_ref().filter(|_| length > 0)?;
        let pem = certificates.get(self.place(row), length as usize).ok()?;
        fence(Acquire);
        // It may have gone meanwhile.
        (row.certificate.load(Relaxed) == length && row.id.load(Relaxed) == id).then_some(pem)
    }

    /// Takes out what a process that has died has left.
    pub fn forget(&self, owner: u16) {
        for row in self.rows() {
            let id = row.id.load(Acquire);
            if id == -1 - i64::from(owner) || (id > 0 && row.owner.load(Relaxed) == owner) {
                self.take_out(row, id);
            }
        }
    }

    /// The row of a connection that is there. It may go at any time, and then be another one's.
    pub fn row(&self, id: i64) -> Option<&Row> {
        if id > 0 { self.row_of(id) } else { None }
    }

    /// What is known about a connection.
    pub fn info(&self, id: i64) -> Option<Info> {
        let row = self.row(id)?;
        let info = row.info();
        fence(Acquire);
        (row.id.load(Relaxed) == id).then_some(info)
    }

    /// A process has died, and what it had not sent is lost: nothing is expected any more. What comes all the same does no harm.
    pub fn expect_nothing(&self) {
        for id in self.after(0) {
            if let Some(row) = self.row(id) {
                row.coming.store(0, Relaxed);
            }
        }
    }

    /// Number of open connections.
    pub fn count(&self) -> usize {
        self.head().open.load(Relaxed).max(0) as usize
    }

    /// Number of open connections of a port.
    pub fn count_of(&self, port: usize) -> usize {
        self.after(0).filter(|id| self.row(*id).is_some_and(|row| usize::from(row.port.load(Relaxed)) == port)).count()
    }

    /// The most there may be at a time.
    pub fn limit(&self) -> usize {
        self.limit as usize
    }

    /// The open connections after `start`, oldest first; those that the server has closed are left out.
    pub fn after(&self, start: i64) -> impl Iterator<Item = i64> + '_ {
        let (start, last) = (start.max(0), self.head().last.load(Acquire));
        // Each of these has one row where it may be; those before lie anywhere.
        let recent = (last - self.mask() as i64).max(start + 1);
        let mut old: Vec<i64> = Vec::new();
        if start + 1 < recent {
            let ids = self.rows().iter().map(|row| row.id.load(Acquire));
            old.extend(ids.filter(|id| (start + 1..recent).contains(id)));
            old.sort_unstable();
        }
        old.into_iter().chain(recent..=last).filter(|id| self.is_open(*id))
    }

    /// Whether a connection is there, and not closed by the server.
    pub fn is_open(&self, id: i64) -> bool {
        self.row(id).is_some_and(|row| row.flags() & (CLOSED | CLOSING) == 0)
    }
}

impl Row {
    fn fill(&self, birth: &Birth) {
        let time = now().to_bits();
        let (family, bits) = match birth.remote.map(|remote| remote.ip()) {
            None => (0, 0),
            Some(IpAddr::V4(ip)) => (4, u128::from(ip.to_bits())),
            Some(IpAddr::V6(ip)) => (6, ip.to_bits()),
        };
        self.address[0].store(bits as u64, Relaxed);
        self.address[1].store((bits >> 64) as u64, Relaxed);
        self.family.store(family, Relaxed);
        self.remote_port.store(birth.remote.map_or(0, |remote| remote.port()), Relaxed);
        self.flags.store(0, Relaxed);
        self.fd.store(birth.fd as u32, Relaxed);
        self.uid.store(0, Relaxed);
        self.worker.store(0, Relaxed);
        self.connected.store(time, Relaxed);
        self.received.store(time, Relaxed);
        for zero in [&self.sent, &self.dispatched] {
            zero.store(0, Relaxed);
        }
        for zero in [&self.unread, &self.unsent, &self.close_errno, &self.certificate] {
            zero.store(0, Relaxed);
        }
        self.coming.store(0, Relaxed);
        self.websocket.store(0, Relaxed);
        self.port.store(birth.port, Relaxed);
        self.owner.store(birth.owner, Relaxed);
    }

    fn info(&self) -> Info {
        let time = |bits: &AtomicU64| f64::from_bits(bits.load(Relaxed));
        Info {
            owner: self.owner(),
            port: self.port.load(Relaxed),
            fd: self.fd(),
            remote: self.remote(),
            uid: self.uid.load(Relaxed),
            worker: self.worker(),
            connected: time(&self.connected),
            received: time(&self.received),
            sent: time(&self.sent),
            dispatched: time(&self.dispatched),
            unread: self.unread.load(Relaxed),
            unsent: self.unsent.load(Relaxed),
            close_errno: self.close_errno.load(Relaxed) as i32,
            websocket: self.websocket.load(Relaxed),
            flags: self.flags(),
        }
    }

    /// Its client, `None` on a unix socket.
    pub fn remote(&self) -> Option<SocketAddr> {
        let bits = u128::from(self.address[0].load(Relaxed)) | u128::from(self.address[1].load(Relaxed)) << 64;
        let ip = match self.family.load(Relaxed) {
            4 => IpAddr::V4(Ipv4Addr::from_bits(bits as u32)),
            6 => IpAddr::V6(Ipv6Addr::from_bits(bits)),
            _ => return None,
        };
        Some(SocketAddr::new(ip, self.remote_port.load(Relaxed)))
    }

    /// The process that owns its socket.
    pub fn owner(&self) -> u16 {
        self.owner.load(Relaxed)
    }

    /// The index of the port that it came to.
    pub fn port(&self) -> usize {
        usize::from(self.port.load(Relaxed))
    }

    /// The number of its descriptor in the owner.
    pub fn fd(&self) -> RawFd {
        self.fd.load(Relaxed) as RawFd
    }

    /// What `bind()` gave it, 0 for nothing.
    pub fn uid(&self) -> u32 {
        self.uid.load(Relaxed)
    }

    /// Gives it a number; `false` when it has one.
    pub fn bind(&self, uid: u32) -> bool {
        self.uid.compare_exchange(0, uid, AcqRel, Relaxed).is_ok()
    }

    /// The worker that it was given to for good.
    pub fn worker(&self) -> Option<usize> {
        (self.worker.load(Relaxed) as usize).checked_sub(1)
    }

    /// Gives it to a worker for good.
    pub fn set_worker(&self, worker: usize) {
        self.worker.store(worker as u32 + 1, Relaxed);
    }

    /// What goes on with it.
    pub fn flags(&self) -> u32 {
        self.flags.load(Acquire)
    }

    /// Sets or clears a flag; whether it was set.
    pub fn set(&self, flag: u32, on: bool) -> bool {
        let old = if on { self.flags.fetch_or(flag, AcqRel) } else { self.flags.fetch_and(!flag, AcqRel) };
        old & flag != 0
    }

    /// How far it is as a WebSocket.
    pub fn websocket(&self) -> u8 {
        self.websocket.load(Relaxed)
    }

    /// How far it is as a WebSocket.
    pub fn set_websocket(&self, status: u8) {
        self.websocket.store(status, Relaxed);
    }

    /// Bytes came.
    pub fn has_received(&self) {
        self.was_heard(now());
    }

    /// Bytes came then.
    pub fn was_heard(&self, time: f64) {
        self.received.store(time.to_bits(), Relaxed);
    }

    /// Bytes went.
    pub fn has_sent(&self) {
        self.sent.store(now().to_bits(), Relaxed);
    }

    /// A message was given to a worker.
    pub fn was_dispatched(&self, time: f64) {
        self.dispatched.store(time.to_bits(), Relaxed);
    }

    /// When its last bytes came.
    pub fn last_received(&self) -> f64 {
        f64::from_bits(self.received.load(Relaxed))
    }

    /// Bytes that were read and not given to PHP.
    pub fn set_unread(&self, bytes: usize) {
        self.unread.store(bytes.min(u32::MAX as usize) as u32, Relaxed);
    }

    /// Bytes that wait to be sent.
    pub fn set_unsent(&self, bytes: usize) {
        self.unsent.store(bytes.min(u32::MAX as usize) as u32, Relaxed);
    }

    /// Bytes that wait to be sent.
    pub fn unsent(&self) -> usize {
        self.unsent.load(Relaxed) as usize
    }

    /// Another process sends so many bytes to the owner.
    pub fn expect(&self, bytes: usize) {
        self.coming.fetch_add(bytes as u64, Relaxed);
    }

    /// The owner has got so many of them.
    pub fn has_got(&self, bytes: usize) {
        let less = |coming: u64| Some(coming.saturating_sub(bytes as u64));
        // The closure always has a value.
        let _ = self.coming.fetch_update(Relaxed, Relaxed, less);
    }

    /// Whether less than `limit` bytes wait to be sent, in the owner or on their way to it.
    pub fn has_room(&self, limit: usize) -> bool {
        self.flags() & OVERFLOW == 0 && self.coming.load(Relaxed) + (self.unsent() as u64) < limit as u64
    }

    /// The errno that ended it.
    pub fn set_close_errno(&self, errno: i32) {
        self.close_errno.store(errno as u32, Relaxed);
    }
}
