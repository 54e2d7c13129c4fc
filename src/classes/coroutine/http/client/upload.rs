//! Forms with files.

use super::link::Stop;
use crate::classes::coroutine::system::offload;
use crate::coroutine::{self, Canceled};
use crate::io::http_client::multipart::{Content, Form};
use crate::zend::array::{Key, try_each};
use crate::zend::call::Thrown;
use crate::zend::text::Text;
use crate::zend::to_long;
use ext_php_rs::types::{ZendHashTable, Zval};
use std::ffi::OsStr;
use std::fs::File;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::sync::Arc;

/// How much of a file is read at once.
const PIECE: u64 = 256 << 10;

/// The path that these bytes are.
pub(super) fn path(bytes: &[u8]) -> &Path {
    Path::new(OsStr::from_bytes(bytes))
}

/// The form with the files of the property `uploadFiles` and the fields of an array; nothing without files.
pub(super) fn form(files: &Zval, fields: &Zval) -> Result<Option<Form>, Stop> {
    let Some(files) = files.array().filter(|files| !files.is_empty()) else { return Ok(None) };
    let mut form = Form::new();
    if let Some(fields) = fields.array() {
        try_each(fields, |key, value| {
            if let Key::Text(name) = key
                && !value.is_null()
            {
                form.field(name, Text::of(value)?.as_bytes());
            }
            Ok::<(), Thrown>(())
        })?;
    }
    try_each(files, |_, entry| {
        if let Some(entry) = entry.array() {
            add(&mut form, entry)?;
        }
        Ok::<(), Thrown>(())
    })?;
    Ok(Some(form))
}

/// Adds what `addFile()` or `addData()` noted; an entry that lacks something is left out.
fn add(form: &mut Form, entry: &ZendHashTable) -> Result<(), Thrown> {
    let text = |name: &str| entry.get(name).map(Text::of).transpose();
    let number = |name: &str| entry.get(name).map(to_long).and_then(|number| u64::try_from(number).ok());
    let (Some(name), Some(filename), Some(kind)) = (text("name")?, text("filename")?, text("type")?) else {
        return Ok(());
    };
    let content = match (text("content")?, text("path")?, number("offset"), number("size")) {
        (Some(content), ..) => Content::Memory(content.as_bytes().to_vec()),
        (None, Some(path), Some(offset), Some(length)) => {
            Content::File { path: path.as_bytes().to_vec(), offset, length }
        }
        _ => return Ok(()),
    };
    form.file(name.as_bytes(), filename.as_bytes(), kind.as_bytes(), content);
    Ok(())
}

/// Sends a part of a file, which threads read.
///
/// # Errors
/// The inner one is a number; `EIO` when the file has become shorter.
pub(super) fn file(
    name: &[u8],
    offset: u64,
    length: u64,
    mut write: impl FnMut(&[u8]) -> Result<Result<(), i32>, Thrown>,
) -> Result<Result<(), i32>, Thrown> {
    let path = path(name).to_owned();
    let file = match on_thread(move || File::open(path)) {
        Ok(file) => Arc::new(file),
        Err(code) => return Ok(Err(code)),
    };
    let mut at = offset;
    let end = offset.saturating_add(length);
    while at < end {
        let (source, count) = (Arc::clone(&file), (end - at).min(PIECE) as usize);
        let piece = on_thread(move || {
            let mut bytes = vec![0; count];
            source.read_exact_at(&mut bytes, at).map(|()| bytes)
        });
        let sent = match piece {
            Ok(bytes) => write(&bytes)?,
            Err(code) => Err(code),
        };
        if sent.is_err() {
            return Ok(sent);
        }
        at += count as u64;
    }
    Ok(Ok(()))
}

/// Has a thread do what may block; a failure is a number.
pub(super) fn on_thread<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, i32> {
    match coroutine::wait(offload(work)) {
        Ok(outcome) => outcome.map_err(|error| error.raw_os_error().unwrap_or(libc::EIO)),
        Err(Canceled) => Err(libc::ECANCELED),
    }
}
