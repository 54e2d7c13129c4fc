//! Whole files.

use super::offload;
use crate::classes::{self, constants};
use crate::coroutine::engine;
use crate::io::files::{self, Failure};
use crate::log;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::{self};

/// PHP's `FILE_APPEND`.
const FILE_APPEND: i64 = 8;

/// Argument 0, the name of a file; `what` it is called when it is empty.
fn path(call: &Call<'_>, what: &str) -> Result<Vec<u8>, Thrown> {
    let path = call.path_arg(0)?.as_bytes();
    if path.is_empty() {
        return zend::throw(zend::value_error(), &format!("{what} cannot be empty"), 0);
    }
    Ok(path.to_vec())
}

/// Notes what happened to errno, where nothing went wrong as well.
fn note(errno: i32) {
    if errno != 0 {
        zend::set_errno(errno);
    }
}

/// Says in the log why there is no file, and returns false.
fn failed(call: &mut Call<'_>, origin: &str, failure: &Failure) -> Return {
    log::system_warning(origin, &failure.call, failure.errno);
    zend::set_errno(failure.errno);
    call.return_bool(false)
}

/// `readFile(string $filename, int $flag = 0): string|false`
pub fn read_file(call: &mut Call<'_>) -> Return {
    let name = path(call, "Filename")?;
    let locked = call.optional(1, 0, Call::long_arg)? & constants::FILE_LOCK != 0;
    classes::current_coroutine()?;
    match engine::scheduler().wait_firmly(offload(move || files::read(&name, locked))) {
        Some(Ok((content, errno))) => {
            note(errno);
            call.return_bytes(&content)
        }
        Some(Err(failure)) => failed(call, "System::read_file()", &failure),
        None => call.return_bool(false),
    }
}

/// `writeFile(string $filename, string $fileContent, int $flags = 0): int|false`
pub fn write_file(call: &mut Call<'_>) -> Return {
    let name = path(call, "Filename")?;
    let content = call.str_arg(1)?.as_bytes().to_vec();
    let flags = call.optional(2, 0, Call::long_arg)?;
    let (append, locked) = (flags & FILE_APPEND != 0, flags & constants::FILE_LOCK != 0);
    classes::current_coroutine()?;
    match engine::scheduler().wait_firmly(offload(move || files::write(&name, &content, append, locked))) {
        Some(Ok((count, errno))) => {
            note(errno);
            call.return_long(count as i64)
        }
        Some(Err(failure)) => failed(call, "System::write_file()", &failure),
        None => call.return_bool(false),
    }
}

/// `statvfs(string $path): array`; the only one that works outside of coroutines, where it blocks.
pub fn statvfs(call: &mut Call<'_>) -> Return {
    let path = path(call, "Path")?;
    let sizes = if engine::current_id().is_none() {
        files::file_system(&path)
    } else {
        engine::scheduler().wait_firmly(offload(move || files::file_system(&path))).unwrap_or(Err(libc::ECANCELED))
    };
    if let Err(errno) = sizes {
        zend::set_errno(errno);
    }
    let sizes = sizes.ok();
    let number = |read: fn(&libc::statvfs) -> libc::c_ulong| sizes.as_ref().map_or(0, |sizes| read(sizes) as i64);
    let mut array = Array::new();
    array.set_long("bsize", number(|sizes| sizes.f_bsize));
    array.set_long("frsize", number(|sizes| sizes.f_frsize));
    array.set_long("blocks", number(|sizes| sizes.f_blocks));
    array.set_long("bfree", number(|sizes| sizes.f_bfree));
    array.set_long("bavail", number(|sizes| sizes.f_bavail));
    array.set_long("files", number(|sizes| sizes.f_files));
    array.set_long("ffree", number(|sizes| sizes.f_ffree));
    array.set_long("favail", number(|sizes| sizes.f_favail));
    array.set_long("fsid", number(|sizes| sizes.f_fsid));
    array.set_long("flag", number(|sizes| sizes.f_flag));
    array.set_long("namemax", number(|sizes| sizes.f_namemax));
    call.return_value(array.into())
}
