//! Swoole's own log: lines that no PHP error handler sees, on standard output or in a file.
//!
//! One per process, for every layer. What a line looks like is Swoole's: `[date %pid.worker]`, the level and the text.

use std::collections::BTreeSet;
use std::ffi::{CString, OsStr};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Lines of this level and above, by default, are written: `SWOOLE_LOG_INFO`.
const DEFAULT_LEVEL: i32 = 2;
/// `SWOOLE_LOG_WARNING`.
pub const WARNING: i32 = 4;
/// `SWOOLE_LOG_INFO`.
pub const INFO: i32 = 2;
/// `SWOOLE_LOG_NOTICE`.
pub const NOTICE: i32 = 3;
/// `SWOOLE_LOG_ERROR`.
pub const ERROR: i32 = 5;
/// `SWOOLE_LOG_NONE`: nothing is written.
const NONE: i32 = 6;
/// A date takes fewer bytes than this.
const DATE_ROOM: usize = 128;
/// A line takes fewer bytes than this.
const LINE_ROOM: usize = (16 << 10) + 256;

/// The state of the log.
struct Log {
    level: i32,
    file: Option<Open>,
    /// `strftime` format; `None` is `%F %T`.
    date_format: Option<CString>,
    microseconds: bool,
    rotation: i64,
    /// What kind of process this is, as Swoole writes it, and its number among those.
    process: (char, i64),
    /// Errors that are not reported.
    ignored: BTreeSet<i32>,
}

/// A file that is written to.
struct Open {
    file: File,
    /// As it was set, without what rotation adds.
    name: Vec<u8>,
    /// As it was opened.
    path: Vec<u8>,
}

static LOG: Mutex<Log> = Mutex::new(Log {
    level: DEFAULT_LEVEL,
    file: None,
    date_format: None,
    microseconds: false,
    rotation: 0,
    process: ('%', 0),
    ignored: BTreeSet::new(),
});

fn log() -> MutexGuard<'static, Log> {
    // Plain values: a panic between two writes leaves nothing half-done.
    LOG.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes a line of this level (`SWOOLE_LOG_*`), if such lines are written. A NUL ends the text.
pub fn put(level: i32, text: &[u8]) {
    let mut log = log();
    if level >= log.level {
        let failure = log.rotate();
        log.write(level, text);
        if let Some((path, error)) = failure {
            log.write(WARNING, open_failure(&path, &error).as_bytes());
        }
    }
}

/// Writes `origin (ERRNO errno): text` as a line of this level, unless that error is ignored.
pub fn error(level: i32, origin: &str, errno: i32, text: &[u8]) {
    if !log().ignored.contains(&errno) {
        put(level, &[format!("{origin} (ERRNO {errno}): ").as_bytes(), text].concat());
    }
}

/// Writes `origin: text` as a warning.
pub fn warning(origin: &str, text: &str) {
    put(WARNING, format!("{origin}: {text}").as_bytes());
}

/// Writes `origin: text, Error: words[errno]` as a warning: a system call failed.
pub fn system_warning(origin: &str, text: &str, errno: i32) {
    warning(origin, &format!("{text}, Error: {}[{errno}]", words(errno)));
}

/// The system's words for an errno.
fn words(errno: i32) -> String {
    // SAFETY: strerror returns static or thread-local text.
    unsafe { std::ffi::CStr::from_ptr(libc::strerror(errno)) }.to_string_lossy().into_owned()
}

/// No longer reports this error through [`error`].
pub fn ignore(errno: i32) {
    log().ignored.insert(errno);
}

/// Says what this process is: `#` a master, `*` a worker, `%` anything else; and its number.
pub fn set_process(kind: char, number: i64) {
    log().process = (kind, number);
}

/// Sets the lowest level that is written.
pub fn set_level(level: i64) {
    log().level = level.clamp(0, i64::from(NONE)) as i32;
}

/// The lowest level that is written.
pub fn level() -> i32 {
    log().level
}

/// Writes to this file from now on, at its end.
///
/// # Errors
/// It cannot be opened; the log goes to standard output then. The text says so, as Swoole words it.
pub fn set_file(name: &[u8]) -> Result<(), String> {
    let mut log = log();
    log.open(name).map_err(|(path, error)| open_failure(&path, &error))
}

/// Opens the file that is written to anew: somebody has moved it away.
///
/// # Errors
/// It cannot be opened; the log goes to standard output then. The text says so, as Swoole words it.
pub fn reopen() -> Result<(), String> {
    let mut log = log();
    let Some(name) = log.file.as_ref().map(|open| open.name.clone()) else { return Ok(()) };
    log.open(&name).map_err(|(path, error)| open_failure(&path, &error))
}

/// What this process writes to its standard output and error goes to the log file from now on; nowhere without one.
pub fn take_output() {
    use std::os::fd::AsRawFd;
    let log = log();
    let nowhere = OpenOptions::new().read(true).write(true).open("/dev/null");
    let target = log.file.as_ref().map(|open| &open.file).or(nowhere.as_ref().ok());
    if let Some(target) = target {
        for standard in [libc::STDOUT_FILENO, libc::STDERR_FILENO] {
            // SAFETY: numbers of descriptors that stay open.
            unsafe { libc::dup2(target.as_raw_fd(), standard) };
        }
    }
}

fn open_failure(path: &[u8], error: &io::Error) -> String {
    let errno = error.raw_os_error().unwrap_or(0);
    format!("open('{}') failed. Error: {}[{errno}]", String::from_utf8_lossy(path), words(errno))
}

/// Sets the `strftime` format of dates.
///
/// # Errors
/// A date in it is empty or too long; the format stays as it was. The text says so, as Swoole words it.
pub fn set_date_format(format: &[u8]) -> Result<(), String> {
    let end = format.iter().position(|byte| *byte == 0).unwrap_or(format.len());
    let made = CString::new(&format[..end]).unwrap_or_default();
    if date(&made, now().0).is_empty() {
        return Err(format!("The date format string[length={end}] is too long"));
    }
    log().date_format = Some(made);
    Ok(())
}

/// Whether dates have microseconds.
pub fn set_microseconds(on: bool) {
    log().microseconds = on;
}

/// Sets when a new file is begun (`SWOOLE_LOG_ROTATION_*`): its name gets the date.
pub fn set_rotation(rotation: i64) {
    log().rotation = rotation;
}

/// Seconds and microseconds since 1970.
fn now() -> (libc::time_t, u32) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
    (now.as_secs() as libc::time_t, now.subsec_micros())
}

fn date(format: &CString, time: libc::time_t) -> Vec<u8> {
    let mut text = vec![0; DATE_ROOM];
    // SAFETY: both fill memory of ours, of the length that is passed.
    let length = unsafe {
        let mut parts: libc::tm = std::mem::zeroed();
        libc::localtime_r(&time, &mut parts);
        libc::strftime(text.as_mut_ptr().cast(), text.len(), format.as_ptr(), &parts)
    };
    text.truncate(length);
    text
}

impl Log {
    /// The name of the file to write to now.
    fn path(&self, name: &[u8]) -> Vec<u8> {
        let format = match self.rotation {
            0 => return name.to_vec(),
            1 => c"%Y%m",
            3 => c"%Y%m%d%H",
            4 => c"%Y%m%d%H%M",
            _ => c"%Y%m%d",
        };
        [name, b".", &date(&format.to_owned(), now().0)].concat()
    }

    fn open(&mut self, name: &[u8]) -> Result<(), (Vec<u8>, io::Error)> {
        self.file = None;
        let path = self.path(name);
        match OpenOptions::new().append(true).read(true).create(true).open(Path::new(OsStr::from_bytes(&path))) {
            Ok(file) => {
                self.file = Some(Open { file, name: name.to_vec(), path });
                Ok(())
            }
            Err(error) => Err((path, error)),
        }
    }

    /// Begins a new file when its name has changed.
    fn rotate(&mut self) -> Option<(Vec<u8>, io::Error)> {
        let open = self.file.as_ref().filter(|_| self.rotation != 0)?;
        if self.path(&open.name) == open.path {
            return None;
        }
        let name = open.name.clone();
        self.open(&name).err()
    }

    fn write(&mut self, level: i32, text: &[u8]) {
        let name = match level {
            0 => "DEBUG",
            1 => "TRACE",
            3 => "NOTICE",
            4 => "WARNING",
            5 => "ERROR",
            _ => "INFO",
        };
        let (seconds, microseconds) = now();
        let mut line = vec![b'['];
        match &self.date_format {
            Some(format) => line.extend_from_slice(&date(format, seconds)),
            None => line.extend_from_slice(&date(&c"%F %T".to_owned(), seconds)),
        }
        if self.microseconds {
            line.extend_from_slice(format!("<.{microseconds}>").as_bytes());
        }
        line.extend_from_slice(
            format!(" {}{}.{}]\t{name}\t", self.process.0, std::process::id(), self.process.1).as_bytes(),
        );
        line.extend(text.iter().take_while(|byte| **byte != 0));
        line.truncate(LINE_ROOM - 1);
        line.push(b'\n');
        // Nothing can be done when it cannot be written.
        let _ = match &mut self.file {
            Some(open) => open.file.write_all(&line),
            None => {
                let mut output = io::stdout().lock();
                output.write_all(&line).and_then(|()| output.flush())
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_files_and_dates() {
        let name = std::env::temp_dir().join(format!("steelwool-log-{}", std::process::id()));
        let bytes = name.as_os_str().as_bytes();
        set_file(bytes).unwrap();
        put(1, b"below the level");
        put(3, b"first\0rest");
        assert!(set_date_format(b"").is_err());
        set_date_format(b"now").unwrap();
        ignore(7);
        error(5, "f()", 7, b"ignored");
        error(5, "f()", 8, b"kept");
        system_warning("g()", "open failed", libc::ENOENT);
        set_level(100);
        put(5, b"nothing is written");
        assert_eq!(level(), NONE);
        set_level(i64::from(DEFAULT_LEVEL));
        set_rotation(2);
        put(5, b"to another file");
        let rotated = log().file.as_ref().map(|open| open.path.clone()).unwrap();
        assert!(rotated.starts_with(bytes) && rotated.len() == bytes.len() + 9);
        let text = std::fs::read_to_string(&name).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let id = std::process::id();
        assert!(lines[0].ends_with(&format!(" %{id}.0]\tNOTICE\tfirst")), "{text}");
        assert_eq!(
            lines[1..],
            [
                format!("[now %{id}.0]\tERROR\tf() (ERRNO 8): kept"),
                format!("[now %{id}.0]\tWARNING\tg(): open failed, Error: No such file or directory[2]"),
            ]
        );
        let failure = set_file(b"/nowhere/at/all").unwrap_err();
        assert!(failure.starts_with("open('/nowhere/at/all.2") && failure.ends_with("No such file or directory[2]"));
        std::fs::remove_file(OsStr::from_bytes(&rotated)).unwrap();
        std::fs::remove_file(&name).unwrap();
    }
}
