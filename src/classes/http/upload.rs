//! Forms with files: `$request->post`, `$request->files` and `$request->tmpfiles` of a `multipart/form-data` body.

use crate::io::http::multipart;
use crate::io::http::upload::{self, Content, Uploads};
use crate::zend::array::Array;
use crate::zend::input;
use crate::zend::{self, long, string};
use ext_php_rs::types::Zval;
use std::ffi::CString;
use std::io::Write;
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

/// A file of a form, on the disk unless something went wrong.
struct Saved<'a> {
    name: &'a [u8],
    filename: &'a [u8],
    kind: &'a [u8],
    result: Result<(CString, u64), i64>,
}

/// Puts a form together.
#[derive(Default)]
struct Builder {
    post: Option<Array>,
    files: Option<Array>,
    tmpfiles: Option<Array>,
    paths: Vec<CString>,
    count: usize,
    by_attribute: bool,
}

impl Builder {
    /// Whether PHP's settings allow another part; warns when not.
    fn goes_on(&mut self) -> bool {
        let most = input::max_vars();
        self.count += 1;
        if self.count > most {
            zend::warning(&format!(
                "Input variables exceeded {most}. To increase the limit change max_input_vars in php.ini"
            ));
        }
        self.count <= most
    }

    fn field(&mut self, name: &[u8], value: &[u8]) {
        input::register(name, string(value), self.post.get_or_insert_with(Array::new));
    }

    fn file(&mut self, file: Saved<'_>) {
        add_file(&file, self.by_attribute, self.files.get_or_insert_with(Array::new));
        if let Ok((path, _)) = file.result {
            self.tmpfiles.get_or_insert_with(Array::new).push(string(path.as_bytes()));
            input::uploaded(&path);
            self.paths.push(path);
        }
    }

    fn form(self) -> Form {
        let value = |array: Option<Array>| array.map_or_else(Zval::null, Zval::from);
        Form { post: value(self.post), files: value(self.files), tmpfiles: value(self.tmpfiles), paths: self.paths }
    }
}

impl Form {
    /// Reads `body`. Files go to `folder`; with `by_attribute`, `name[]` becomes `files['name']['tmp_name'][]` as in `$_FILES`.
    pub(super) fn read(body: &[u8], boundary: &[u8], folder: &Path, by_attribute: bool) -> Self {
        let mut builder = Builder { by_attribute, ..Builder::default() };
        for part in multipart::parts(body, boundary) {
            if !builder.goes_on() {
                break;
            }
            let Some(filename) = &part.filename else {
                builder.field(&part.name, part.data);
                continue;
            };
            let result = match filename.is_empty() {
                true => Err(NO_FILE),
                false => save(part.data, folder).map(|path| (path, part.data.len() as u64)).ok_or(CANNOT_WRITE),
            };
            builder.file(Saved { name: &part.name, filename, kind: part.content_type.unwrap_or_default(), result });
        }
        builder.form()
    }

    /// The form of a body that went to the disk while it arrived.
    pub(super) fn of(uploads: &mut Uploads, by_attribute: bool) -> Self {
        let mut builder = Builder { by_attribute, ..Builder::default() };
        let mut parts = uploads.take();
        let used = parts.iter().take_while(|_| builder.goes_on()).count();
        // files beyond the limit go with this
        drop(Uploads::from(parts.split_off(used)));
        for part in parts {
            match part.content {
                Content::Field(value) => builder.field(&part.name, &value),
                Content::File { name, kind, path, size } => {
                    let result = path.map(|path| (path, size)).ok_or(NO_FILE);
                    builder.file(Saved { name: &part.name, filename: &name, kind: &kind, result });
                }
            }
        }
        builder.form()
    }
}

impl Drop for Form {
    fn drop(&mut self) {
        for path in &self.paths {
            // one that was moved away is PHP's business no more
            if input::forget_uploaded(path) {
                upload::remove(path);
            }
        }
    }
}

fn add_file(file: &Saved<'_>, by_attribute: bool, files: &mut Array) {
    let filename = input::raw_url_decode(file.filename);
    let (kind, path, size, error) = match &file.result {
        Ok((path, size)) => (file.kind, path.as_bytes(), *size, OK),
        Err(error) => (&[][..], &[][..], 0, *error),
    };
    let mut attributes = [
        ("type", string(kind)),
        ("tmp_name", string(path)),
        ("size", long(size as i64)),
        ("name", filename.value()),
        ("error", long(error)),
    ];
    if let Some(at) = file.name.iter().position(|byte| *byte == b'[').filter(|at| by_attribute && *at > 0) {
        let (base, keys) = file.name.split_at(at);
        // Swoole's order here: name, type, tmp_name, error, size
        attributes.swap(2, 4);
        attributes[..4].rotate_right(1);
        for (attribute, value) in attributes {
            input::register(&[base, b"[", attribute.as_bytes(), b"]", keys].concat(), value, files);
        }
        return;
    }
    let mut array = Array::new();
    for (attribute, value) in attributes {
        array.set(attribute, value);
    }
    input::register(file.name, array.into(), files);
}

/// Writes a temporary file of its own name; `None` when the disk does not take it.
fn save(data: &[u8], folder: &Path) -> Option<CString> {
    let (path, mut file) = upload::temporary(folder).ok()?;
    if file.write_all(data).is_err() {
        upload::remove(&path);
        return None;
    }
    Some(path)
}
