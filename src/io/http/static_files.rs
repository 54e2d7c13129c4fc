//! Files that are sent without asking the handler.
//!
//! A request's path is decoded and appended to the document root. Wherever it says `..`, the place that it really leads to has to be
//! below the root; symbolic links inside of the root may lead anywhere, since whoever made them may write there.

use super::body::Part;
use super::exchange::{Exchange, Responder};
use super::file::OpenFile;
use super::head::Head;
use super::range::{self, Ranges};
use super::{Fields, RequestHead};
use crate::io::mime;
use bytes::{Buf, Bytes};
use http::{HeaderName, HeaderValue, Method, StatusCode, header};
use regex::Regex;
use std::ffi::OsStr;
use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::time::SystemTime;

const SERVER: HeaderValue = HeaderValue::from_static("swoole-http-server");
const NOT_FOUND: &str =
    "<!DOCTYPE html><html><head><title>404 Not Found</title></head><body><h1>404 Not Found</h1></body></html>";

/// Which files are sent, and how.
#[derive(Clone, Debug, Default)]
pub struct StaticFiles {
    /// The folder whose files are sent, without links or dots in its path.
    pub root: PathBuf,
    /// Paths that must begin with one of these; in their places there are only files. All paths, when there are none.
    pub locations: Vec<String>,
    /// Names of files that are sent for a folder.
    pub index_files: Vec<String>,
    /// Whether a page with its entries is sent for a folder.
    pub autoindex: bool,
    /// What is made of paths before all else; the first that fits counts.
    pub rewrites: Vec<Rewrite>,
}

/// A rule for paths.
#[derive(Clone, Debug)]
pub enum Rewrite {
    /// A beginning, and what is put in its place.
    Prefix(String, String),
    /// A pattern, and what is put in the place of all that fits.
    Pattern(Regex, String),
}

impl Rewrite {
    /// A rule from a setting: `~pattern~` is a regular expression with `$1` in its replacement. `None` when that is none.
    pub fn new(rule: &str, replacement: &str) -> Option<Self> {
        match rule.strip_prefix('~').and_then(|rule| rule.strip_suffix('~')) {
            None => Some(Self::Prefix(rule.to_owned(), replacement.to_owned())),
            Some(pattern) => Some(Self::Pattern(Regex::new(pattern).ok()?, braced(replacement))),
        }
    }

    fn apply(&self, path: &str) -> Option<String> {
        match self {
            Self::Prefix(start, replacement) => path.strip_prefix(start).map(|rest| format!("{replacement}{rest}")),
            Self::Pattern(pattern, replacement) if pattern.is_match(path) => {
                Some(pattern.replace_all(path, replacement).into_owned())
            }
            Self::Pattern(..) => None,
        }
    }
}

/// `$1a` means group 1 and an `a` here, and group `1a` to the crate.
fn braced(replacement: &str) -> String {
    let mut text = String::new();
    let mut rest = replacement;
    while let Some(at) = rest.find('$') {
        let digits = rest[at + 1..].bytes().take(2).take_while(u8::is_ascii_digit).count();
        text.push_str(&rest[..at]);
        if digits > 0 {
            let _ = write!(text, "${{{}}}", &rest[at + 1..at + 1 + digits]);
        } else if rest[at + 1..].starts_with('&') {
            text.push_str("${0}");
        } else {
            text.push_str("$$");
        }
        let used = if digits > 0 { digits } else { usize::from(rest[at + 1..].starts_with(['&', '$'])) };
        rest = &rest[at + 1 + used..];
    }
    text + rest
}

/// A reply to be given.
struct Found<D> {
    head: Head,
    parts: Vec<Part<D>>,
}

/// Answers a request for a file; false when the handler is to be asked.
pub(super) fn answer<D: Buf>(
    files: Option<&Rc<StaticFiles>>,
    request: &RequestHead,
    exchange: &Rc<Exchange<D>>,
) -> bool {
    let Some(found) = files.and_then(|files| files.find(request)) else { return false };
    // a client that is gone needs no file
    let _ = Responder::new(Rc::clone(exchange)).reply_parts(found.head, found.parts);
    true
}

impl StaticFiles {
    /// The reply to a request for a file; `None` when the handler is to be asked.
    fn find<D>(&self, request: &RequestHead) -> Option<Found<D>> {
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return None;
        }
        let path = request.uri.path();
        let rewritten = self.rewrites.iter().find_map(|rule| rule.apply(path));
        // what was rewritten may carry parameters
        let path = rewritten.as_deref().unwrap_or(path);
        let path = &path[..path.find(['?', '#']).unwrap_or(path.len())];
        let sure = self.locations.iter().any(|location| starts_with(path, location));
        if !sure && !self.locations.is_empty() {
            return None;
        }
        let Some((file, data)) = self.locate(path) else { return sure.then(not_found) };
        if data.is_dir() {
            return self.folder(&file, path, &request.fields);
        }
        if !data.is_file() || !(sure || mime::of_file(&name(&file)).is_some()) {
            return None;
        }
        send(&file, &request.fields)
    }

    /// Where a path leads, and what is there.
    fn locate(&self, path: &str) -> Option<(PathBuf, std::fs::Metadata)> {
        let file = self.resolve(path)?;
        let data = file.metadata().ok()?;
        Some((file, data))
    }

    /// Where a path leads, if that is allowed.
    pub(super) fn resolve(&self, path: &str) -> Option<PathBuf> {
        let decoded = decode(path.as_bytes());
        if decoded.contains(&0) || self.root.as_os_str().is_empty() {
            return None;
        }
        let mut file = self.root.clone();
        for step in decoded.split(|byte| *byte == b'/').filter(|step| !step.is_empty() && *step != b".") {
            file.push(OsStr::from_bytes(step));
        }
        if decoded.split(|byte| *byte == b'/').any(|step| step == b"..") {
            file = file.canonicalize().ok()?;
            if !file.starts_with(&self.root) {
                return None;
            }
        }
        Some(file)
    }

    fn folder<D>(&self, folder: &Path, path: &str, fields: &Fields) -> Option<Found<D>> {
        for name in &self.index_files {
            // an index is a file of this folder, not a link to somewhere else
            let index = folder.join(name);
            if !name.contains('/') && index.symlink_metadata().is_ok_and(|data| data.is_file()) {
                return send(&index, fields);
            }
        }
        if !self.autoindex {
            return None;
        }
        let mut head = head(StatusCode::OK, "text/html");
        add_date(&mut head, header::LAST_MODIFIED, folder.metadata().ok()?.modified().ok()?);
        Some(Found { head, parts: vec![Part::Bytes(page(folder, path)?.into())] })
    }
}

/// The page of a folder's entries.
fn page(folder: &Path, path: &str) -> Option<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect();
    names.sort();
    if path != "/" {
        names.insert(0, "..".to_owned());
    }
    let path = path.trim_end_matches('/');
    let title = escape(&String::from_utf8_lossy(&decode(path.as_bytes())));
    let mut page = format!(
        "<!DOCTYPE html>\n<html>\n<head><meta charset=\"UTF-8\"><title>Index of {title}/</title></head>\n<body>\n\
         <h1>Index of {title}/</h1>\n<ul>\n"
    );
    for name in names {
        let _ = writeln!(page, "<li><a href=\"{}/{}\">{}</a></li>", escape(path), encode(&name), escape(&name));
    }
    page.push_str("</ul>\n</body>\n</html>\n");
    Some(page)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}

fn encode(name: &str) -> String {
    let mut text = String::new();
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => text.push(byte.into()),
            _ => {
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

/// Decodes `%41`; what is no such code stays.
fn decode(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        let code = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
        let code = code.and_then(|code| std::str::from_utf8(code).ok()).filter(|code| !code.starts_with('+'));
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                at += 3;
            }
            None => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    decoded
}

fn starts_with(path: &str, location: &str) -> bool {
    path.as_bytes().get(..location.len()).is_some_and(|start| start.eq_ignore_ascii_case(location.as_bytes()))
}

fn name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn head(status: StatusCode, kind: &str) -> Head {
    let mut head = Head::new(status);
    head.append(header::SERVER, SERVER);
    if let Ok(kind) = HeaderValue::from_str(kind) {
        head.append(header::CONTENT_TYPE, kind);
    }
    head
}

fn add_date(head: &mut Head, name: HeaderName, at: SystemTime) {
    if let Ok(value) = HeaderValue::from_str(&httpdate::fmt_http_date(at)) {
        head.append(name, value);
    }
}

fn not_found<D>() -> Found<D> {
    Found {
        head: head(StatusCode::NOT_FOUND, "text/html"),
        parts: vec![Part::Bytes(Bytes::from_static(NOT_FOUND.as_bytes()))],
    }
}

/// The time that a header names, in whole seconds like those of a file.
fn time_of(fields: &Fields, name: &str) -> Option<SystemTime> {
    httpdate::parse_http_date(std::str::from_utf8(fields.get(name)?).ok()?).ok()
}

/// A time without its fraction of a second, as headers have it.
fn whole_seconds(time: SystemTime) -> SystemTime {
    let fraction = time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |age| age.subsec_nanos());
    time - std::time::Duration::from_nanos(fraction.into())
}

/// The reply with a file, a part of it, or that it has not changed.
fn send<D>(path: &Path, fields: &Fields) -> Option<Found<D>> {
    let file = OpenFile::open(path).ok()?;
    let modified = whole_seconds(file.modified);
    if time_of(fields, "if-modified-since").is_some_and(|since| since >= modified) {
        let mut head = Head::new(StatusCode::NOT_MODIFIED);
        head.append(header::SERVER, SERVER);
        add_date(&mut head, header::LAST_MODIFIED, modified);
        return Some(Found { head, parts: Vec::new() });
    }
    let kind = mime::of_file(&name(path)).unwrap_or(mime::UNKNOWN.into());
    // only a date that is another one makes the range void
    let same = time_of(fields, "if-range").is_none_or(|time| time == modified);
    let ranges = match fields.get("range").filter(|_| same) {
        Some(value) => range::parse(value, file.size),
        None => Ranges::Whole,
    };
    let mut parts = Vec::new();
    let mut found = match ranges {
        Ranges::Whole => {
            let mut head = head(StatusCode::OK, &kind);
            head.append(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
            parts.push(Part::File(file.range(0, file.size)));
            head
        }
        Ranges::None => {
            let mut head = head(StatusCode::RANGE_NOT_SATISFIABLE, &kind);
            head.append(header::CONTENT_RANGE, value(&format!("bytes */{}", file.size)));
            head
        }
        Ranges::Parts(ranges) => match ranges[..] {
            [(offset, length)] => {
                let mut head = head(StatusCode::PARTIAL_CONTENT, &kind);
                head.append(header::CONTENT_RANGE, value(&content_range(offset, length, file.size)));
                parts.push(Part::File(file.range(offset, length)));
                head
            }
            _ => {
                let boundary = boundary();
                for (index, (offset, length)) in ranges.into_iter().enumerate() {
                    let before = if index == 0 { "" } else { "\r\n" };
                    let range = content_range(offset, length, file.size);
                    let text =
                        format!("{before}--{boundary}\r\nContent-Type: {kind}\r\nContent-Range: {range}\r\n\r\n");
                    parts.push(Part::Bytes(text.into()));
                    parts.push(Part::File(file.range(offset, length)));
                }
                parts.push(Part::Bytes(format!("\r\n--{boundary}--\r\n").into()));
                head(StatusCode::PARTIAL_CONTENT, &format!("multipart/byteranges; boundary={boundary}"))
            }
        },
    };
    add_date(&mut found, header::LAST_MODIFIED, modified);
    Some(Found { head: found, parts })
}

fn content_range(offset: u64, length: u64, size: u64) -> String {
    format!("bytes {offset}-{}/{size}", offset + length - 1)
}

fn value(text: &str) -> HeaderValue {
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static(""))
}

/// A text that no file holds by chance.
fn boundary() -> String {
    use std::hash::{BuildHasher, RandomState};
    format!("steelwool{:016x}{:016x}", RandomState::new().hash_one(0), RandomState::new().hash_one(1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    struct Folder(PathBuf);

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    /// `root/{a.html, b.unknown, c d.txt, empty.txt, with/{index.txt, x.txt}, bare/y.txt, out -> ../secret.txt}` and `secret.txt`.
    fn folder(name: &str) -> (Folder, StaticFiles) {
        let place = std::env::temp_dir().join(format!("steelwool-static-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&place);
        for sub in ["root/with", "root/bare", "rootless"] {
            fs::create_dir_all(place.join(sub)).unwrap();
        }
        for file in [
            "secret.txt",
            "rootless/s.txt",
            "root/a.html",
            "root/b.unknown",
            "root/c d.txt",
            "root/with/index.txt",
            "root/with/x.txt",
            "root/bare/y.txt",
        ] {
            fs::write(place.join(file), file).unwrap();
        }
        fs::write(place.join("root/empty.txt"), "").unwrap();
        std::os::unix::fs::symlink("../secret.txt", place.join("root/out.txt")).unwrap();
        let root = place.canonicalize().unwrap().join("root");
        (Folder(place), StaticFiles { root, ..StaticFiles::default() })
    }

    fn request(path: &str, headers: &[(HeaderName, &str)]) -> RequestHead {
        let fields = headers.iter().map(|(name, value)| (name.as_str(), value)).collect();
        RequestHead { uri: path.parse().unwrap(), fields, ..RequestHead::default() }
    }

    /// Status and body, or `-` for the handler's.
    fn got(files: &StaticFiles, path: &str, headers: &[(HeaderName, &str)]) -> String {
        match files.find::<Bytes>(&request(path, headers)) {
            None => "-".to_owned(),
            Some(found) => {
                let mut body = Vec::new();
                for part in found.parts {
                    match part {
                        Part::Data(bytes) | Part::Bytes(bytes) => body.extend_from_slice(&bytes),
                        Part::File(mut range) => {
                            while !range.is_empty() {
                                body.extend(range.read(1000).unwrap());
                            }
                        }
                    }
                }
                format!("{} {}", found.head.status().as_u16(), String::from_utf8_lossy(&body))
            }
        }
    }

    #[test]
    fn files_of_known_types_are_found() {
        let (_folder, mut files) = folder("known");
        assert_eq!(got(&files, "/a.html?x=1", &[]), "200 root/a.html");
        assert_eq!(got(&files, "//c%20d.txt", &[]), "200 root/c d.txt");
        assert_eq!(got(&files, "/empty.txt", &[]), "200 ");
        assert_eq!(got(&files, "/out.txt", &[]), "200 secret.txt");
        for none in ["/", "/b.unknown", "/no.html", "/with", "/a.html/x", "/c+d.txt", "/a.html%00", "/%"] {
            assert_eq!(got(&files, none, &[]), "-", "{none}");
        }
        files.locations = vec!["/B".to_owned(), "/no".to_owned()];
        assert_eq!(got(&files, "/a.html", &[]), "-");
        assert_eq!(got(&files, "/b.unknown", &[]), "200 root/b.unknown");
        assert!(got(&files, "/no.html", &[]).starts_with("404 <"));
        assert_eq!(got(&StaticFiles::default(), "/etc/passwd", &[]), "-");
    }

    #[test]
    fn no_way_out_of_the_root() {
        let (_folder, mut files) = folder("out");
        files.locations = vec!["/".to_owned()];
        assert_eq!(got(&files, "/with/../a.html", &[]), "200 root/a.html");
        for path in [
            "/../secret.txt",
            "/%2e%2e/secret.txt",
            "/..%2fsecret.txt",
            "/with/..%2f..%2fsecret.txt",
            "/../rootless/s.txt",
            "/../../../../../../etc/passwd",
            "/%2e%2e%2f%2e%2e/etc/passwd",
            "/..%00/secret.txt",
        ] {
            assert!(got(&files, path, &[]).starts_with("404 "), "{path}");
        }
    }

    #[test]
    fn folders_have_an_index_or_a_list() {
        let (_folder, mut files) = folder("index");
        files.index_files = vec!["index.html".to_owned(), "index.txt".to_owned(), "../a.html".to_owned()];
        assert_eq!(got(&files, "/with", &[]), "200 root/with/index.txt");
        assert_eq!(got(&files, "/bare/", &[]), "-");
        files.autoindex = true;
        fs::write(files.root.join("bare/<b>\"&.txt"), "").unwrap();
        let page = got(&files, "/bare/", &[]);
        assert!(page.contains("<a href=\"/bare/y.txt\">y.txt</a>") && page.contains("/bare/.."), "{page}");
        assert!(page.contains("<a href=\"/bare/%3Cb%3E%22%26.txt\">&lt;b&gt;&quot;&amp;.txt</a>"), "{page}");
        assert!(!got(&files, "/", &[]).contains(".."));
    }

    #[test]
    fn parts_and_dates() {
        let (_folder, files) = folder("parts");
        let range = |value| got(&files, "/a.html", &[(header::RANGE, value)]);
        assert_eq!(range("bytes=0-3"), "206 root");
        assert_eq!(range("bytes=99-"), "416 ");
        assert_eq!(range("x"), "200 root/a.html");
        let many = range("bytes=0-0,-4");
        assert!(
            many.contains("\r\nContent-Type: text/html\r\nContent-Range: bytes 7-10/11\r\n\r\nhtml\r\n--steelwool"),
            "{many}"
        );
        let modified = files.root.join("a.html").metadata().unwrap().modified().unwrap();
        let date = |seconds: i64| {
            let time =
                modified + std::time::Duration::from_secs(100) - std::time::Duration::from_secs((100 - seconds) as u64);
            httpdate::fmt_http_date(time)
        };
        for (seconds, expected) in [(-1, "200"), (0, "304"), (1, "304")] {
            let reply = got(&files, "/a.html", &[(header::IF_MODIFIED_SINCE, &date(seconds))]);
            assert_eq!(&reply[..3], expected, "{seconds}");
        }
        for (if_range, expected) in [(date(0), "206"), (date(1), "200"), (date(-1), "200"), ("test".to_owned(), "206")]
        {
            let headers = [(header::RANGE, "bytes=0-3"), (header::IF_RANGE, &*if_range)];
            assert_eq!(&got(&files, "/a.html", &headers)[..3], expected, "{if_range}");
        }
    }

    #[test]
    fn rewrites() {
        let (_folder, mut files) = folder("rewrite");
        files.rewrites = [("~^/v/(\\w)/(\\d)$~", "/$1.html?$2$$"), ("/old/", "/with/"), ("~(~", "")]
            .iter()
            .filter_map(|(rule, to)| Rewrite::new(rule, to))
            .collect();
        assert_eq!(files.rewrites.len(), 2);
        assert_eq!(got(&files, "/v/a/3", &[]), "200 root/a.html");
        assert_eq!(got(&files, "/old/x.txt", &[]), "200 root/with/x.txt");
        assert_eq!(braced("$1a$&$x$12$"), "${1}a${0}$$x${12}$$");
    }
}
