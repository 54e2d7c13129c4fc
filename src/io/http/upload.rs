//! Forms with files that go to the disk while they arrive, so that they may be larger than what is kept in memory.

use super::multipart::{Event, Reader};
use http::StatusCode;
use std::ffi::CString;
use std::fs::File;
use std::io::{self, Write};
use std::os::fd::FromRawFd;
use std::path::{Path, PathBuf};

/// Where uploaded files go, and how large they may be.
#[derive(Clone, Debug)]
pub struct Uploading {
    /// The folder of temporary files.
    pub folder: PathBuf,
    /// Largest file in bytes; with a larger one the request is answered with 413.
    pub max_size: u64,
    /// Bytes that the fields of a form may have in all, names among them.
    pub max_fields: usize,
}

/// A form that was taken in while it arrived. Its files are removed with it, unless they are [taken](Uploads::take).
#[derive(Debug, Default)]
pub struct Uploads {
    parts: Vec<Upload>,
}

/// A field or a file of a form.
#[derive(Debug)]
pub struct Upload {
    /// The field's name.
    pub name: Vec<u8>,
    /// What it holds.
    pub content: Content,
}

/// What a field holds.
#[derive(Debug)]
pub enum Content {
    /// A text.
    Field(Vec<u8>),
    /// A file.
    File {
        /// Its name at the client, empty when none was chosen.
        name: Vec<u8>,
        /// Its type as the client says.
        kind: Vec<u8>,
        /// Where it is, if one was chosen.
        path: Option<CString>,
        /// Its length in bytes.
        size: u64,
    },
}

impl From<Vec<Upload>> for Uploads {
    fn from(parts: Vec<Upload>) -> Self {
        Self { parts }
    }
}

impl Uploads {
    /// The parts as bytes for another process, which takes their files over when this one [takes](Self::take) the parts.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        let mut put = |bytes: &[u8]| {
            out.extend_from_slice(&(bytes.len() as u64).to_ne_bytes());
            out.extend_from_slice(bytes);
        };
        for part in &self.parts {
            put(&part.name);
            match &part.content {
                Content::Field(text) => {
                    put(b"t");
                    put(text);
                }
                Content::File { name, kind, path, size } => {
                    put(b"f");
                    put(name);
                    put(kind);
                    put(path.as_ref().map_or(&[][..], |path| path.as_bytes()));
                    put(&size.to_ne_bytes());
                }
            }
        }
        out
    }

    /// What [`encode`](Self::encode) wrote; `None` when it is something else.
    pub fn decode(mut bytes: &[u8]) -> Option<Self> {
        let mut uploads = Self::default();
        while !bytes.is_empty() {
            let name = field(&mut bytes)?.to_vec();
            let content = match field(&mut bytes)? {
                b"t" => Content::Field(field(&mut bytes)?.to_vec()),
                _ => {
                    let (name, kind) = (field(&mut bytes)?.to_vec(), field(&mut bytes)?.to_vec());
                    let path = field(&mut bytes)?;
                    let path = if path.is_empty() { None } else { Some(CString::new(path).ok()?) };
                    Content::File { name, kind, path, size: u64::from_ne_bytes(field(&mut bytes)?.try_into().ok()?) }
                }
            };
            uploads.parts.push(Upload { name, content });
        }
        Some(uploads)
    }

    /// The parts, in order; who takes them removes their files.
    pub fn take(&mut self) -> Vec<Upload> {
        std::mem::take(&mut self.parts)
    }
}

/// A length and so many bytes.
fn field<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let (length, rest) = bytes.split_first_chunk::<8>()?;
    let (field, rest) = rest.split_at_checked(usize::try_from(u64::from_ne_bytes(*length)).ok()?)?;
    *bytes = rest;
    Some(field)
}

impl Drop for Uploads {
    fn drop(&mut self) {
        for part in &self.parts {
            if let Content::File { path: Some(path), .. } = &part.content {
                remove(path);
            }
        }
    }
}

/// Removes a file; one that is gone already is no harm.
pub fn remove(path: &CString) {
    // SAFETY: a NUL-terminated path.
    unsafe { libc::unlink(path.as_ptr()) };
}

/// Makes a temporary file of its own name in `folder`.
///
/// # Errors
/// What the system says; `InvalidInput` for a folder with a NUL in its name.
pub fn temporary(folder: &Path) -> io::Result<(CString, File)> {
    let template = CString::new([folder.as_os_str().as_encoded_bytes(), b"/swoole.upfile.XXXXXX"].concat())?;
    let raw = template.into_raw();
    // SAFETY: mkostemp changes the six letters in place; the string comes back to its owner; the descriptor is ours.
    let (descriptor, path) = unsafe { (libc::mkostemp(raw, libc::O_CLOEXEC), CString::from_raw(raw)) };
    if descriptor < 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: just opened, owned by nobody else.
    Ok((path, unsafe { File::from_raw_fd(descriptor) }))
}

/// Takes a form in.
#[derive(Debug)]
pub(super) struct Receiver {
    reader: Reader,
    state: Receiving,
}

#[derive(Debug)]
struct Receiving {
    limits: Uploading,
    uploads: Uploads,
    /// Bytes of fields so far.
    fields: usize,
    open: Option<File>,
}

impl Receiver {
    pub(super) fn new(boundary: &[u8], limits: Uploading) -> Self {
        let state = Receiving { limits, uploads: Uploads::default(), fields: 0, open: None };
        Self { reader: Reader::new(boundary), state }
    }

    /// Takes a piece in; the status with which the request is refused when it cannot.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<(), StatusCode> {
        let state = &mut self.state;
        self.reader.feed(bytes, |event| state.take(event))?;
        // what waits for its end is part of no field yet, but takes memory too
        if self.reader.waiting() > state.limits.max_fields.max(64 << 10) {
            Err(StatusCode::BAD_REQUEST)
        } else {
            Ok(())
        }
    }

    /// The form; a part that was cut off is left out.
    pub(super) fn finish(mut self) -> Uploads {
        if self.reader.in_part()
            && let Some(Upload { content: Content::File { path: Some(path), .. }, .. }) = self.state.uploads.parts.pop()
        {
            remove(&path);
        }
        self.state.uploads
    }
}

impl Receiving {
    fn take(&mut self, event: Event<'_>) -> Result<(), StatusCode> {
        match event {
            Event::Begin(head) => self.begin(head.name, head.filename, head.content_type),
            Event::Data(data) => self.data(data),
            Event::End => {
                self.open = None;
                Ok(())
            }
        }
    }

    fn begin(&mut self, name: Vec<u8>, filename: Option<Vec<u8>>, kind: Option<Vec<u8>>) -> Result<(), StatusCode> {
        // a part costs more than its text
        self.count(name.len() + filename.as_ref().map_or(0, Vec::len) + kind.as_ref().map_or(0, Vec::len) + 128)?;
        let content = match filename {
            None => Content::Field(Vec::new()),
            Some(filename) => {
                let mut path = None;
                if !filename.is_empty() {
                    let made = temporary(&self.limits.folder).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
                    self.open = Some(made.1);
                    path = Some(made.0);
                }
                Content::File { name: filename, kind: kind.unwrap_or_default(), path, size: 0 }
            }
        };
        self.uploads.parts.push(Upload { name, content });
        Ok(())
    }

    fn data(&mut self, data: &[u8]) -> Result<(), StatusCode> {
        match self.uploads.parts.last_mut().map(|part| &mut part.content) {
            Some(Content::Field(text)) => {
                text.extend_from_slice(data);
                self.count(data.len())
            }
            Some(Content::File { size, path: Some(_), .. }) => {
                *size += data.len() as u64;
                if *size > self.limits.max_size {
                    return Err(StatusCode::PAYLOAD_TOO_LARGE);
                }
                let written = self.open.as_mut().map(|file| file.write_all(data));
                written.unwrap_or(Ok(())).map_err(|_| StatusCode::SERVICE_UNAVAILABLE)
            }
            _ => Ok(()),
        }
    }

    fn count(&mut self, bytes: usize) -> Result<(), StatusCode> {
        self.fields += bytes;
        if self.fields > self.limits.max_fields { Err(StatusCode::PAYLOAD_TOO_LARGE) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> Uploading {
        Uploading { folder: std::env::temp_dir(), max_size: 100, max_fields: 1000 }
    }

    fn body(file: &str, field: &str) -> String {
        format!(
            "--XX\r\nContent-Disposition: form-data; name=f; filename=n\r\nContent-Type: a/b\r\n\r\n{file}\r\n--XX\r\n\
             Content-Disposition: form-data; name=a\r\n\r\n{field}\r\n--XX\r\n\
             Content-Disposition: form-data; name=none; filename=\"\"\r\n\r\nignored\r\n--XX--\r\n"
        )
    }

    fn fed(body: &str, step: usize) -> Result<Uploads, StatusCode> {
        let mut receiver = Receiver::new(b"XX", limits());
        for piece in body.as_bytes().chunks(step) {
            receiver.feed(piece)?;
        }
        Ok(receiver.finish())
    }

    #[test]
    fn files_are_on_the_disk_until_they_are_dropped() {
        for step in [1, 7, 1000] {
            let mut uploads = fed(&body("hello\r\n--X", "text"), step).unwrap();
            let paths: Vec<_> = uploads
                .parts
                .iter()
                .filter_map(|part| match &part.content {
                    Content::File { path, .. } => path.clone(),
                    Content::Field(_) => None,
                })
                .collect();
            assert_eq!(paths.len(), 1);
            let path = Path::new(paths[0].to_str().unwrap()).to_owned();
            assert_eq!(std::fs::read(&path).unwrap(), b"hello\r\n--X");
            assert!(matches!(&uploads.parts[0].content, Content::File { size: 10, kind, .. } if kind == b"a/b"));
            assert!(matches!(&uploads.parts[1].content, Content::Field(text) if text == b"text"));
            assert!(matches!(&uploads.parts[2].content, Content::File { size: 0, path: None, .. }));
            if step == 7 {
                let copy = Uploads::decode(&uploads.encode()).unwrap();
                assert_eq!(format!("{:?}", copy.parts), format!("{:?}", uploads.parts));
                assert!(Uploads::decode(&uploads.encode()[..30]).is_none());
                std::mem::forget(copy);
                drop(uploads.take());
                assert!(path.exists());
                std::fs::remove_file(&path).unwrap();
            }
            drop(uploads);
            assert!(!path.exists());
        }
    }

    #[test]
    fn what_is_too_large_or_cut_off() {
        let large = "x".repeat(101);
        assert_eq!(fed(&body(&large, ""), 10).unwrap_err(), StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(fed(&body("", &"x".repeat(1001)), 10).unwrap_err(), StatusCode::PAYLOAD_TOO_LARGE);
        let whole = body("hello", "text");
        assert_eq!(fed(&whole[..70], 10).unwrap().parts.len(), 0);
        let mut receiver = Receiver::new(b"XX", Uploading { folder: "/no/such".into(), ..limits() });
        assert_eq!(receiver.feed(whole.as_bytes()).unwrap_err(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
