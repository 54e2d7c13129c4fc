//! `Swoole\Http\Response::sendfile()`.

use super::Response;
use crate::classes::http::head::Length;
use crate::classes::{errors, slots::swoole_http_response as slot};
use crate::io::http::{FileRange, OpenFile, Part};
use crate::io::mime;
use crate::zend::call::{Call, Return, Thrown};
use crate::zend::{self, object};
use ext_php_rs::types::ZendObject;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

impl Response {
    /// Gives the answer with part of a file for its body.
    fn send_file(&self, object: &ZendObject, mut range: FileRange) -> Result<bool, Thrown> {
        let head = self.head(object, Length::Sent)?;
        // Frameworks that know of ranges say so how much of the rest is meant.
        if let Some(length) = head.says_length() {
            range = range.up_to(length);
        }
        self.websocket.answered(false);
        let socket = self.elsewhere.borrow_mut().take();
        if let Some(socket) = socket {
            return Ok(socket.reply_file(head, range));
        }
        let Some(responder) = self.responder.borrow_mut().take() else { return Ok(false) };
        Ok(responder.reply_parts(head, [Part::File(range)]).is_ok())
    }
}

/// `sendfile(string $filename, int $offset = 0, int $length = 0): bool`
pub fn sendfile(call: &mut Call<'_>) -> Return {
    let name = call.str_arg(0)?.as_bytes();
    let offset = call.optional(1, 0, Call::long_arg)?;
    let length = call.optional(2, 0, Call::long_arg)?;
    let response = call.native::<Response>();
    if !response.is_open() {
        return call.return_bool(false);
    }
    if response.started.get() {
        errors::warn("can't use sendfile when HTTP chunk is enabled");
        return call.return_bool(false);
    }
    let Some(range) = file_range(name, offset, length) else { return call.return_bool(false) };
    let object = call.this();
    let typed = object::slot(object, slot::HEADER).array().is_some_and(|headers| headers.get("Content-Type").is_some());
    if !typed {
        let kind = mime::of_file(&String::from_utf8_lossy(name)).unwrap_or(mime::UNKNOWN.into());
        object::set_in_slot(object, slot::HEADER, b"Content-Type", zend::string(kind.as_bytes()));
    }
    let sent = response.send_file(object, range)?;
    call.return_bool(sent)
}

/// The part of the file that `sendfile()` was asked for; `None` after a warning.
fn file_range(name: &[u8], offset: i64, length: i64) -> Option<FileRange> {
    let shown = String::from_utf8_lossy(name);
    if name.is_empty() {
        errors::notice("file name is empty");
        return None;
    }
    let path = Path::new(OsStr::from_bytes(name));
    let size = match path.metadata() {
        Ok(data) if data.is_file() => data.len(),
        Ok(_) => {
            errors::notice(&format!("parameter $file[{shown}] given is not a regular file"));
            errors::set_last(errors::NOT_REGULAR_FILE);
            return None;
        }
        Err(error) => {
            errors::warn_of_system(&format!("stat({shown}) failed"), &error);
            return None;
        }
    };
    let Some(left) = u64::try_from(offset).ok().and_then(|offset| size.checked_sub(offset)) else {
        errors::notice(&format!("parameter $offset[{offset}] exceeds the file size"));
        return None;
    };
    let Some(length) = u64::try_from(length).ok().filter(|length| *length <= left) else {
        errors::notice(&format!("parameter $length[{length}] exceeds the file size"));
        return None;
    };
    match OpenFile::open(path) {
        Ok(file) => Some(file.range(offset.unsigned_abs(), if length == 0 { left } else { length })),
        Err(error) => {
            errors::warn_of_system(&format!("open({shown}) failed"), &error);
            None
        }
    }
}
