//! Forms with files: `$request->post`, `$request->files` and `$request->tmpfiles` of a `multipart/form-data` body.

use crate::io::http::multipart::{self, Part};
use crate::zend::array::Array;
use crate::zend::input;
use crate::zend::{self, long, string};
use ext_php_rs::types::Zval;
use std::ffi::CString;
use std::fs::File;
use std::io::Write;
use std::os::fd::FromRawFd;
use std::path::Path;

/// PHP's `UPLOAD_ERR_*`.
const OK: i64 = 0;
const NO_FILE: i64 = 4;
const CANNOT_WRITE: i64 = 7;

/// A form that has been read; its temporary files live as long as it does.
pub(super) struct Form {
    pub(super) post: Zval,
    pub(super) files: Zval,
    pub(super) tmpfiles: Zval,
    paths: Vec<CString>,
}

impl Form {
    /// Reads `body`. Files go to `folder`; with `by_attribute`, `name[]` becomes `files['name']['tmp_name'][]` as in `$_FILES`.
    pub(super) fn read(body: &[u8], boundary: &[u8], folder: &Path, by_attribute: bool) -> Self {
        let (mut post, mut files, mut tmpfiles) = (None, None, None);
        let mut paths = Vec::new();
        let most = input::max_vars();
        for (count, part) in multipart::parts(body, boundary).into_iter().enumerate() {
            if count >= most {
                zend::warning(&format!(
                    "Input variables exceeded {most}. To increase the limit change max_input_vars in php.ini"
                ));
                break;
            }
            let Some(filename) = &part.filename else {
                input::register(&part.name, string(part.data), post.get_or_insert_with(Array::new));
                continue;
            };
            let saved = if filename.is_empty() { Err(NO_FILE) } else { save(part.data, folder).ok_or(CANNOT_WRITE) };
            let (path, error) = match saved {
                Ok(path) => (path, OK),
                Err(error) => (CString::default(), error),
            };
            add_file(&part, &path, error, by_attribute, files.get_or_insert_with(Array::new));
            if error == OK {
                tmpfiles.get_or_insert_with(Array::new).push(string(path.as_bytes()));
                input::uploaded(&path);
                paths.push(path);
            }
        }
        let value = |array: Option<Array>| array.map_or_else(Zval::null, Zval::from);
        Self { post: value(post), files: value(files), tmpfiles: value(tmpfiles), paths }
    }
}

impl Drop for Form {
    fn drop(&mut self) {
        for path in &self.paths {
            // one that was moved away is PHP's business no more
            if input::forget_uploaded(path) {
                // SAFETY: a NUL-terminated path; a file that is gone already is no harm.
                unsafe { libc::unlink(path.as_ptr()) };
            }
        }
    }
}

fn add_file(part: &Part<'_>, path: &CString, error: i64, by_attribute: bool, files: &mut Array) {
    let filename = input::raw_url_decode(part.filename.as_deref().unwrap_or_default());
    let kind = part.content_type.filter(|_| error == OK).unwrap_or_default();
    let mut attributes = [
        ("type", string(kind)),
        ("tmp_name", string(path.as_bytes())),
        ("size", long(if error == OK { part.data.len() as i64 } else { 0 })),
        ("name", filename.value()),
        ("error", long(error)),
    ];
    if let Some(at) = part.name.iter().position(|byte| *byte == b'[').filter(|at| by_attribute && *at > 0) {
        let (base, keys) = part.name.split_at(at);
        // Swoole's order here: name, type, tmp_name, error, size
        attributes.swap(2, 4);
        attributes[..4].rotate_right(1);
        for (attribute, value) in attributes {
            input::register(&[base, b"[", attribute.as_bytes(), b"]", keys].concat(), value, files);
        }
        return;
    }
    let mut file = Array::new();
    for (attribute, value) in attributes {
        file.set(attribute, value);
    }
    input::register(&part.name, file.into(), files);
}

/// Writes a temporary file of its own name; `None` when the disk does not take it.
fn save(data: &[u8], folder: &Path) -> Option<CString> {
    let template = CString::new([folder.as_os_str().as_encoded_bytes(), b"/swoole.upfile.XXXXXX"].concat()).ok()?;
    let raw = template.into_raw();
    // SAFETY: mkstemp changes the six letters in place; the string comes back to its owner; the descriptor is ours.
    let (descriptor, path) = unsafe { (libc::mkostemp(raw, libc::O_CLOEXEC), CString::from_raw(raw)) };
    if descriptor < 0 {
        return None;
    }
    // SAFETY: just opened, owned by nobody else.
    let written = unsafe { File::from_raw_fd(descriptor) }.write_all(data);
    if written.is_err() {
        // SAFETY: the path that was just made.
        unsafe { libc::unlink(path.as_ptr()) };
        return None;
    }
    Some(path)
}
