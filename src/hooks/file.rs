//! Regular files: Swoole gives way at each operation with `SWOOLE_HOOK_FILE`, and so does this, in the cheapest way that blocks nobody.
//!
//! What the page cache and the kernel's names have is done at once, after others had their turn: less work than the way to a
//! thread. What has to wait for a disk, or for a server behind a file system, is done on another thread, which owns all it touches: a
//! cancelled coroutine leaves it behind.
//!
//! `async.file://` does all of it on threads, whatever the flags.
//!
//! Only PHP's functions are served. A file that is read to be compiled must not let others run: the compiler's state is global.

use super::flags::{self, hook};
use super::gate::{self, KeepErrno};
use crate::zend;
use crate::zend::stream::AsyncFiles;
use libc::{c_char, iovec, mode_t, off_t, ssize_t};
use std::cell::RefCell;
use std::ffi::{CStr, CString, c_int, c_void};
use std::os::fd::{FromRawFd, IntoRawFd, OwnedFd, RawFd};

const FILES: u32 = hook::FILE;

/// Functions of PHP that read a file for one of its parsers.
const PARSERS: [&[u8]; 6] = [
    b"parse_ini_file",
    b"highlight_file",
    b"show_source",
    b"php_strip_whitespace",
    b"opcache_compile_file",
    b"spl_autoload",
];

thread_local! {
    /// Descriptors that were opened as `async.file://`: always hooked, always on a thread.
    static ALWAYS: RefCell<Vec<RawFd>> = const { RefCell::new(Vec::new()) };
    /// Coroutines that open such a file now.
    static OPENING: RefCell<Vec<i64>> = const { RefCell::new(Vec::new()) };
}

/// What a coroutine that opens `async.file://` tells.
pub(super) const ASYNC_FILES: AsyncFiles = AsyncFiles {
    opens: || {
        super::patching::patch();
        OPENING.with_borrow_mut(|all| all.extend(gate::coroutine()));
    },
    opened: |fd| {
        let id = gate::coroutine();
        OPENING.with_borrow_mut(|all| all.retain(|one| Some(*one) != id));
        if fd >= 0 && id.is_some() {
            ALWAYS.with_borrow_mut(|all| all.push(fd));
        }
    },
};

/// A loop begins.
pub(super) fn begin() {
    ALWAYS.with_borrow_mut(Vec::clear);
    OPENING.with_borrow_mut(Vec::clear);
}

/// A descriptor is closed.
pub(super) fn closed(fd: RawFd) {
    ALWAYS.with_borrow_mut(|all| all.retain(|one| *one != fd));
}

/// Whether it was opened as `async.file://`.
pub(super) fn always(fd: RawFd) -> bool {
    ALWAYS.with_borrow(|all| !all.is_empty() && all.contains(&fd))
}

/// Whether this call comes from a function of PHP that works on files, in a coroutine.
fn applies() -> bool {
    flags::on(FILES)
        && gate::coroutine().is_some()
        && zend::internal_function().is_some_and(|name| !PARSERS.contains(&name))
}

/// The same for a descriptor.
pub(super) fn applies_to(fd: RawFd) -> bool {
    applies() || (always(fd) && gate::coroutine().is_some())
}

/// Lets others have their turn; false when the coroutine was cancelled meanwhile.
fn turn() -> bool {
    let _errno = KeepErrno::new();
    if gate::give_way() {
        return true;
    }
    gate::last_error(libc::ECANCELED);
    false
}

/// Runs `call` on another thread: its result, and its error number when that is -1.
fn elsewhere<T: Send + PartialEq + From<i8> + 'static>(call: impl FnOnce() -> T + Send + 'static) -> T {
    let errno = KeepErrno::new();
    let made = gate::offload(move || {
        let result = call();
        let number = if result == T::from(-1) { gate::errno() } else { 0 };
        (result, number)
    });
    let (result, number) = made.unwrap_or_else(|_| {
        gate::last_error(libc::ECANCELED);
        (T::from(-1), libc::ECANCELED)
    });
    if number != 0 {
        errno.discard();
        gate::set_errno(number);
    }
    result
}

/// Another descriptor of the same open file: the caller's may be closed while a thread works on it.
fn second(fd: RawFd) -> Option<OwnedFd> {
    // SAFETY: duplicates a number; what it makes is nobody else's.
    unsafe {
        let copy = libc::fcntl(fd, libc::F_DUPFD_CLOEXEC, 3);
        (copy >= 0).then(|| OwnedFd::from_raw_fd(copy))
    }
}

/// Reads from a regular file; none when that has to be done as ever.
///
/// # Safety
/// `buffer` has `length` bytes.
pub(super) unsafe fn read(fd: RawFd, buffer: *mut c_void, length: usize) -> Option<ssize_t> {
    if !turn() {
        return Some(gate::fail(libc::ECANCELED));
    }
    let errno = KeepErrno::new();
    let part = iovec { iov_base: buffer, iov_len: length };
    // SAFETY: the caller's buffer.
    let now = if always(fd) { would_block() } else { unsafe { libc::preadv2(fd, &part, 1, -1, libc::RWF_NOWAIT) } };
    if now >= 0 {
        return Some(now);
    }
    if !matches!(gate::errno(), libc::EAGAIN | libc::EOPNOTSUPP) {
        return None;
    }
    let file = second(fd)?;
    let read = gate::offload(move || {
        let mut bytes = vec![0_u8; length];
        // SAFETY: a buffer and a descriptor of this thread's own.
        let count = unsafe { libc::read(raw(&file), bytes.as_mut_ptr().cast(), length) };
        (count, gate::errno(), bytes)
    });
    match read {
        Ok((count, number, bytes)) => {
            if let Ok(count) = usize::try_from(count) {
                // SAFETY: at most `length` bytes.
                unsafe { std::ptr::copy_nonoverlapping(bytes.as_ptr(), buffer.cast(), count) };
            } else {
                errno.discard();
                gate::set_errno(number);
            }
            Some(count)
        }
        Err(_) => {
            errno.discard();
            gate::last_error(libc::ECANCELED);
            Some(gate::fail(libc::ECANCELED))
        }
    }
}

fn would_block() -> ssize_t {
    gate::fail(libc::EAGAIN)
}

fn raw(file: &OwnedFd) -> RawFd {
    std::os::fd::AsRawFd::as_raw_fd(file)
}

/// To copy so much into the page cache takes less than the way to a thread.
const SMALL: usize = 64 * 1024;
/// What a thread is given at a time, copied.
const PART: usize = 1024 * 1024;

/// Writes to a regular file; none when that has to be done as ever.
///
/// # Safety
/// `buffer` has `length` bytes.
pub(super) unsafe fn write(fd: RawFd, buffer: *const c_void, length: usize) -> Option<ssize_t> {
    if !turn() {
        return Some(gate::fail(libc::ECANCELED));
    }
    let errno = KeepErrno::new();
    let mut done = 0;
    while done < length {
        let rest = length - done;
        let part = iovec { iov_base: buffer.wrapping_byte_add(done).cast_mut(), iov_len: rest };
        let now = match always(fd) {
            true => would_block(),
            // SAFETY: the caller's buffer, read only.
            false => unsafe { libc::pwritev2(fd, &part, 1, -1, libc::RWF_NOWAIT) },
        };
        let result = if now >= 0 || !matches!(gate::errno(), libc::EAGAIN | libc::EOPNOTSUPP) {
            now
        } else if gate::errno() == libc::EOPNOTSUPP && rest <= SMALL {
            // SAFETY: the caller's buffer.
            unsafe { libc::write(fd, part.iov_base, rest) }
        } else {
            let Some(file) = second(fd) else { return (done == 0).then_some(-1) };
            // SAFETY: as above.
            let bytes = unsafe { std::slice::from_raw_parts(part.iov_base.cast::<u8>(), rest.min(PART)) }.to_vec();
            // SAFETY: bytes and a descriptor of that thread's own.
            elsewhere(move || unsafe { libc::write(raw(&file), bytes.as_ptr().cast(), bytes.len()) })
        };
        match usize::try_from(result) {
            Ok(count) if count > 0 => done += count,
            // What is written counts; the error comes back with the next call.
            _ if done > 0 => break,
            _ => {
                errno.discard();
                return Some(result);
            }
        }
    }
    Some(done as ssize_t)
}

/// Whether the running coroutine opens `async.file://`.
fn opening() -> bool {
    OPENING.with_borrow(|all| !all.is_empty() && gate::coroutine().is_some_and(|id| all.contains(&id)))
}

/// # Safety
/// A C string, or null.
unsafe fn path(path: *const c_char) -> Option<CString> {
    if path.is_null() || !(applies() || opening()) {
        return None;
    }
    // SAFETY: promised by the caller.
    Some(unsafe { CStr::from_ptr(path) }.to_owned())
}

/// What the kernel knows about a path without asking a disk or a server.
enum Known {
    Missing,
    There(libc::stat),
}

/// File systems of this machine, where a name takes no time worth a thread.
fn is_local(file: &OwnedFd) -> bool {
    /// NFS, SMB (three of them), FUSE, Ceph, AFS, 9P, Coda, OCFS2, GFS2, Lustre.
    const REMOTE: [u32; 12] = [
        0x6969,
        0x517b,
        0xff53_4d42,
        0xfe53_4d42,
        0x6573_5546,
        0x00c3_6400,
        0x5346_414f,
        0x0102_1997,
        0x7375_7245,
        0x7461_636f,
        0x0116_1970,
        0x0bd0_0bd0,
    ];
    // SAFETY: all zero; filled by the call.
    let mut system: libc::statfs = unsafe { std::mem::zeroed() };
    // SAFETY: a struct of ours.
    (unsafe { libc::fstatfs(raw(file), &mut system) }) == 0 && !REMOTE.contains(&(system.f_type as u32))
}

/// What is at `path`; none when that is not in memory, or not on this machine.
fn known(path: &CStr) -> Option<Known> {
    /// `RESOLVE_CACHED`: only names that the kernel has in memory.
    const CACHED: u64 = 0x20;
    let how = [(libc::O_PATH | libc::O_CLOEXEC) as u64, 0, CACHED];
    let (path, size) = (path.as_ptr(), size_of_val(&how));
    // SAFETY: the arguments of openat2: a path and a struct of three numbers, with its size.
    let fd = unsafe { libc::syscall(libc::SYS_openat2, libc::AT_FDCWD, path, how.as_ptr(), size) };
    if fd < 0 {
        return (gate::errno() == libc::ENOENT).then_some(Known::Missing);
    }
    // SAFETY: just made, nobody else's.
    let file = unsafe { OwnedFd::from_raw_fd(fd as RawFd) };
    // SAFETY: all zero; filled by the call.
    let mut status: libc::stat = unsafe { std::mem::zeroed() };
    // SAFETY: a struct of ours.
    let told = unsafe { libc::fstat(raw(&file), &mut status) } == 0;
    (told && is_local(&file)).then_some(Known::There(status))
}

/// The folder of `path`.
fn folder(path: &CStr) -> Option<CString> {
    let bytes = path.to_bytes();
    let end = bytes.iter().rposition(|byte| *byte == b'/');
    CString::new(end.map_or(&b"."[..], |end| &bytes[..end.max(1)])).ok()
}

/// Whether opening takes no time worth a thread.
fn is_quick(path: &CStr, flags: c_int) -> bool {
    /// To cut off more than this may take a while.
    const LARGE: off_t = 1024 * 1024;
    match known(path) {
        Some(Known::There(status)) => match status.st_mode & libc::S_IFMT {
            libc::S_IFREG => flags & libc::O_TRUNC == 0 || status.st_size <= LARGE,
            // A fifo is opened when its other end is; a device when it likes to.
            kind => kind == libc::S_IFDIR,
        },
        Some(Known::Missing) if flags & libc::O_CREAT == 0 => true,
        Some(Known::Missing) => folder(path).is_some_and(|folder| matches!(known(&folder), Some(Known::There(_)))),
        None => false,
    }
}

pub(super) unsafe extern "C" fn open(name: *const c_char, flags: c_int, mode: mode_t) -> c_int {
    // SAFETY: the caller's arguments as they are; the mode is looked at when the flags say that there is one.
    let call = || unsafe { libc::open(name, flags, mode) };
    // SAFETY: the caller's path.
    let Some(copy) = (unsafe { path(name) }) else { return call() };
    if !turn() {
        return gate::fail(libc::ECANCELED);
    }
    let errno = KeepErrno::new();
    if !opening() && is_quick(&copy, flags) {
        let fd = call();
        if fd < 0 {
            errno.discard();
        }
        return fd;
    }
    // A descriptor that nobody takes any more is closed.
    let opened = gate::offload(move || {
        // SAFETY: this thread's own path; what is opened is nobody else's.
        unsafe {
            match libc::open(copy.as_ptr(), flags, mode) {
                -1 => Err(gate::errno()),
                fd => Ok(OwnedFd::from_raw_fd(fd)),
            }
        }
    });
    let number = match opened {
        Ok(Ok(fd)) => return fd.into_raw_fd(),
        Ok(Err(number)) => number,
        Err(_) => {
            gate::last_error(libc::ECANCELED);
            libc::ECANCELED
        }
    };
    errno.discard();
    gate::fail(number)
}

/// Runs `call` on another thread with a descriptor of its own, when files are hooked.
fn with_file(fd: RawFd, call: fn(RawFd, off_t) -> c_int, size: off_t) -> c_int {
    match applies_to(fd).then(|| second(fd)).flatten() {
        Some(file) => elsewhere(move || call(raw(&file), size)),
        None => call(fd, size),
    }
}

pub(super) unsafe extern "C" fn fsync(fd: c_int) -> c_int {
    // SAFETY: takes any number.
    with_file(fd, |fd, _| unsafe { libc::fsync(fd) }, 0)
}

pub(super) unsafe extern "C" fn fdatasync(fd: c_int) -> c_int {
    // SAFETY: takes any number.
    with_file(fd, |fd, _| unsafe { libc::fdatasync(fd) }, 0)
}

pub(super) unsafe extern "C" fn ftruncate(fd: c_int, size: off_t) -> c_int {
    // SAFETY: takes any numbers.
    with_file(fd, |fd, size| unsafe { libc::ftruncate(fd, size) }, size)
}

pub(super) unsafe extern "C" fn unlink(name: *const c_char) -> c_int {
    // SAFETY: the caller's path.
    match unsafe { path(name) } {
        // SAFETY: that thread's own path.
        Some(name) => elsewhere(move || unsafe { libc::unlink(name.as_ptr()) }),
        // SAFETY: the caller's argument as it is.
        None => unsafe { libc::unlink(name) },
    }
}

pub(super) unsafe extern "C" fn rmdir(name: *const c_char) -> c_int {
    // SAFETY: the caller's path.
    match unsafe { path(name) } {
        // SAFETY: that thread's own path.
        Some(name) => elsewhere(move || unsafe { libc::rmdir(name.as_ptr()) }),
        // SAFETY: the caller's argument as it is.
        None => unsafe { libc::rmdir(name) },
    }
}

pub(super) unsafe extern "C" fn mkdir(name: *const c_char, mode: mode_t) -> c_int {
    // SAFETY: the caller's path.
    match unsafe { path(name) } {
        // SAFETY: that thread's own path.
        Some(name) => elsewhere(move || unsafe { libc::mkdir(name.as_ptr(), mode) }),
        // SAFETY: the caller's arguments as they are.
        None => unsafe { libc::mkdir(name, mode) },
    }
}

pub(super) unsafe extern "C" fn rename(from: *const c_char, to: *const c_char) -> c_int {
    // SAFETY: the caller's paths.
    match unsafe { (path(from), path(to)) } {
        // SAFETY: that thread's own paths.
        (Some(from), Some(to)) => elsewhere(move || unsafe { libc::rename(from.as_ptr(), to.as_ptr()) }),
        // SAFETY: the caller's arguments as they are.
        _ => unsafe { libc::rename(from, to) },
    }
}
