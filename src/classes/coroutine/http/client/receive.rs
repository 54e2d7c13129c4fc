//! Replies, into the properties.

use super::link::{Stop, number};
use super::send::Deadline;
use super::upload::{on_thread, path};
use super::websocket;
use super::{Awaited, Client, REQUEST_TIMEOUT, SERVER_RESET, fail, settings};
use crate::classes::coroutine::timeout;
use crate::classes::slots::swoole_coroutine_http_client as slot;
use crate::classes::{self, constants};
use crate::io::http_client::{Coding, DecodeFailure, Decoder, Event, Head, Malformed, Reply};
use crate::io::readiness::Direction;
use crate::log;
use crate::zend::array::Array;
use crate::zend::callable::Callable;
use crate::zend::input::url_decode;
use crate::zend::object;
use crate::zend::text::Text;
use crate::zend::{self, string};
use ext_php_rs::types::{ZendObject, Zval};
use std::fs::{File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::rc::Rc;
use std::sync::Arc;

/// `SWOOLE_ERROR_HTTP_INVALID_PROTOCOL`.
const INVALID_PROTOCOL: i32 = constants::SWOOLE_ERROR_HTTP_INVALID_PROTOCOL as i32;
/// `SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE`.
const TOO_LARGE: i32 = constants::SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE as i32;

/// How much of a download is gathered before it is written.
const PIECE: usize = 256 << 10;

/// A body that fits into what PHP's memory is limited to, whatever that is.
const SMALL: usize = 64 << 10;

/// Header lines behind a body that have no say any more.
const NOT_BEHIND: [&[u8]; 4] = [b"content-length", b"transfer-encoding", b"set-cookie", b"content-encoding"];

/// Why a reply is not taken in.
pub(super) enum Refusal {
    /// For this reason.
    Number(i32),
    /// An exception was thrown.
    Thrown(zend::call::Thrown),
}

impl From<zend::call::Thrown> for Refusal {
    fn from(thrown: zend::call::Thrown) -> Self {
        Self::Thrown(thrown)
    }
}

impl From<Malformed> for Refusal {
    fn from(malformed: Malformed) -> Self {
        Self::Number(match malformed {
            Malformed::CutShort => libc::ECONNRESET,
            _ => INVALID_PROTOCOL,
        })
    }
}

/// Waits for the reply to the request that was sent, at most as long as `seconds` (0: what the settings) say.
///
/// False, with `again` only: the connection ended before anything came.
pub(super) fn reply(
    client: &Client,
    this: &mut ZendObject,
    own: &Zval,
    seconds: f64,
    again: bool,
) -> Result<bool, Stop> {
    let Some(awaited) = client.awaited.get() else { return Err(Stop::Failed) };
    let seconds = match (seconds, client.options.timeout.get()) {
        (0.0, 0.0) => classes::settings::with(|settings| settings.socket_read_timeout),
        (0.0, seconds) | (seconds, _) => seconds,
    };
    let mut taking = Taking::new(client, this, own);
    let outcome = take(client, this, &mut taking, awaited, &Deadline::after(timeout(seconds)));
    let reset = matches!(outcome, Err(Refusal::Number(libc::ECONNRESET | libc::EPIPE)));
    if again && reset && !taking.begun && client.close(this) {
        return Ok(false);
    }
    let outcome = match outcome {
        Ok(keep_alive) => taking.finish(this).map(|()| keep_alive),
        Err(refusal) => {
            // What has come of a download is kept; why there is no more of it is what counts.
            let _ = taking.store();
            Err(refusal)
        }
    };
    forget_request(this, taking.downloads());
    client.awaited.set(None);
    match outcome {
        Ok(keep_alive) => {
            if (!keep_alive || awaited.last) && !client.link.is_websocket() {
                client.close(this);
            }
            Ok(true)
        }
        Err(Refusal::Number(code)) => {
            fail(this, code, None, if code == libc::ETIMEDOUT { REQUEST_TIMEOUT } else { SERVER_RESET });
            client.close(this);
            Err(Stop::Failed)
        }
        Err(Refusal::Thrown(thrown)) => {
            object::set_slot(this, slot::STATUS_CODE, SERVER_RESET);
            client.close(this);
            Err(Stop::Thrown(thrown))
        }
    }
}

/// What a request asked for once is not asked for by the next one.
fn forget_request(this: &mut ZendObject, downloaded: bool) {
    if object::slot(this, slot::UPLOAD_FILES).array().is_some_and(|files| !files.is_empty()) {
        object::set_slot(this, slot::UPLOAD_FILES, Zval::null());
    }
    if downloaded {
        object::set_slot(this, slot::DOWNLOAD_FILE, Zval::null());
        object::set_slot(this, slot::DOWNLOAD_OFFSET, 0);
    }
}

/// Takes a reply in; whether the connection may be used again.
fn take(
    client: &Client,
    this: &mut ZendObject,
    taking: &mut Taking<'_>,
    awaited: Awaited,
    deadline: &Deadline,
) -> Result<bool, Refusal> {
    let mut reply = Reply::new(awaited.bodyless);
    let mut keep_alive = false;
    let (mut stream, mut stays) = (false, false);
    let mut switched = false;
    let transport = client.link.open().ok_or(Refusal::Number(libc::ECANCELED))?;
    loop {
        loop {
            match reply.advance()? {
                Event::More => break,
                Event::Head(head) => {
                    keep_alive = head.keep_alive;
                    stream = head.get("content-type").is_some_and(|kind| starts(kind, b"text/event-stream"));
                    stays = !head.says("connection", "close");
                    taking.head(client, this, &head);
                    switched = websocket::is_switch(&head);
                    taking.upgraded = switched.then_some(head);
                }
                Event::Data(bytes) => taking.data(bytes)?,
                Event::Trailer(head) => taking.trailer(client, this, &head),
                Event::Done if switched => {
                    websocket::begin(client, this, taking.upgraded.take(), reply.rest())?;
                    return Ok(true);
                }
                // Nobody asked for what comes behind it.
                Event::Done => return Ok(keep_alive && reply.rest().is_empty()),
            }
            if taking.ended(client) {
                return Err(Refusal::Number(libc::ECANCELED));
            }
        }
        // Events without an end: what there is will have to do, unless somebody takes them one by one. The others come to the socket.
        if stream && reply.ends_with_connection() && !taking.streams() {
            return Ok(stays);
        }
        let left = deadline.left();
        if left.is_some_and(|left| left.is_zero()) {
            return Err(Refusal::Number(libc::ETIMEDOUT));
        }
        let arrived = transport.receive(reply.room(), |bytes| reply.put(bytes));
        let count = client.link.wait(Direction::Read, left, arrived, |error| number(&error))?;
        if zend::exception_pending() {
            return Err(Refusal::Thrown(zend::call::Thrown));
        }
        if count.map_err(Refusal::Number)? == 0 {
            reply.end()?;
        }
        taking.begun = true;
    }
}

fn starts(text: &[u8], with: &[u8]) -> bool {
    text.get(..with.len()).is_some_and(|start| start.eq_ignore_ascii_case(with))
}

/// Where the body of a reply goes.
struct Taking<'a> {
    own: &'a Zval,
    /// Something has come.
    begun: bool,
    write_func: Option<Rc<Callable>>,
    decompress: bool,
    decoder: Option<Decoder>,
    body: Vec<u8>,
    /// Found out when the body is large.
    limit: Option<u64>,
    download: Option<Download>,
    /// The head that begins a WebSocket.
    upgraded: Option<Head>,
}

/// A file that a body goes into.
struct Download {
    path: Vec<u8>,
    offset: u64,
    file: Option<Arc<File>>,
}

impl<'a> Taking<'a> {
    fn new(client: &Client, this: &ZendObject, own: &'a Zval) -> Self {
        let file = object::slot(this, slot::DOWNLOAD_FILE);
        let offset = object::slot(this, slot::DOWNLOAD_OFFSET).long().unwrap_or(0);
        let download = file.zend_str().map(|path| Download {
            path: path.as_bytes().to_vec(),
            offset: u64::try_from(offset).unwrap_or(0),
            file: None,
        });
        Self {
            own,
            begun: false,
            write_func: client.write_func.borrow().clone(),
            decompress: client.options.body_decompression.get(),
            decoder: None,
            body: Vec::new(),
            limit: match object::slot(this, slot::SETTING) {
                _ if download.is_some() => Some(u64::MAX),
                setting if setting.is_null() => None,
                setting => Some(settings::body_limit(setting)),
            },
            download,
            upgraded: None,
        }
    }

    fn downloads(&self) -> bool {
        self.download.is_some()
    }

    /// Whether a function takes the body as it comes.
    fn streams(&self) -> bool {
        self.write_func.is_some()
    }

    /// Whether the function has closed the connection.
    fn ended(&self, client: &Client) -> bool {
        self.write_func.is_some() && client.link.open().is_none()
    }

    /// The largest body that is kept in memory.
    fn limit(&mut self) -> u64 {
        *self.limit.get_or_insert_with(|| settings::body_limit(&Zval::null()))
    }

    fn head(&mut self, client: &Client, this: &mut ZendObject, head: &Head) {
        let coding = head.get("content-encoding").and_then(Coding::named);
        if self.decompress && self.write_func.is_none() {
            self.decoder = coding.map(|coding| Decoder::new(coding, self.limit()));
        }
        if head.lines().next().is_some() {
            let mut headers = Array::with_room(8);
            add_lines(client, &mut headers, head, |_| true);
            object::set_slot(this, slot::HEADERS, Zval::from(headers));
        }
        object::set_slot(this, slot::STATUS_CODE, i64::from(head.status));
        for line in head.all("set-cookie") {
            set_cookie(this, line);
        }
    }

    fn trailer(&mut self, client: &Client, this: &mut ZendObject, head: &Head) {
        let Some(before) = object::slot(this, slot::HEADERS).array() else { return };
        let mut headers = Array::copy_of(before);
        add_lines(client, &mut headers, head, |name| !NOT_BEHIND.iter().any(|not| name.eq_ignore_ascii_case(not)));
        object::set_slot(this, slot::HEADERS, Zval::from(headers));
    }

    fn data(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        if let Some(function) = &self.write_func {
            function.call(&[self.own.shallow_clone(), string(bytes)])?;
            return Ok(());
        }
        let body = &mut self.body;
        match &mut self.decoder {
            None => body.extend_from_slice(bytes),
            Some(decoder) => match decoder.feed(bytes, |out| body.extend_from_slice(out)) {
                Ok(()) => {}
                Err(DecodeFailure::TooLarge) => return Err(Refusal::Number(TOO_LARGE)),
                Err(DecodeFailure::Broken) => {
                    log::warning("Client::decompress_response()", "the body is not compressed as its header says");
                    body.extend_from_slice(bytes);
                    self.decoder = None;
                }
            },
        }
        let length = body.len();
        if (self.limit.is_some() || length > SMALL) && length as u64 > self.limit() {
            return Err(Refusal::Number(TOO_LARGE));
        }
        if self.download.is_some() && self.body.len() >= PIECE {
            self.store()?;
        }
        Ok(())
    }

    /// Writes what has been gathered to the file.
    fn store(&mut self) -> Result<(), Refusal> {
        let Some(download) = &mut self.download else { return Ok(()) };
        if self.body.is_empty() {
            return Ok(());
        }
        let bytes = std::mem::take(&mut self.body);
        let (name, offset, open) = (path(&download.path).to_owned(), download.offset, download.file.clone());
        let stored = on_thread(move || {
            let file = match open {
                Some(file) => file,
                None => {
                    let fresh = offset == 0;
                    let mut options = OpenOptions::new();
                    let options = options.create(true).write(true).truncate(fresh).mode(0o664);
                    let mut file = options.open(&name)?;
                    file.seek(SeekFrom::Start(offset))?;
                    Arc::new(file)
                }
            };
            (&*file).write_all(&bytes)?;
            Ok(file)
        });
        match stored {
            Ok(file) => {
                download.file = Some(file);
                Ok(())
            }
            Err(code) => {
                let name = String::from_utf8_lossy(&download.path).into_owned();
                log::system_warning("http_parser_on_body()", &format!("open({name}, O_CREAT | O_WRONLY) failed"), code);
                Err(Refusal::Number(code))
            }
        }
    }

    /// The reply is complete.
    fn finish(&mut self, this: &mut ZendObject) -> Result<(), Refusal> {
        if self.download.is_some() {
            return self.store();
        }
        if !self.body.is_empty() {
            let body = std::mem::take(&mut self.body);
            object::set_slot(this, slot::BODY, body.as_slice());
        }
        Ok(())
    }
}

/// Adds header lines to an array by name; several of one name become a list.
fn add_lines(client: &Client, headers: &mut Array, head: &Head, wanted: impl Fn(&[u8]) -> bool) {
    let lower = client.options.lowercase_header.get();
    let mut key = Vec::new();
    for (name, value) in head.lines().filter(|(name, _)| wanted(name)) {
        name.clone_into(&mut key);
        if lower {
            key.make_ascii_lowercase();
        }
        headers.add_or_merge(&key, string(value));
    }
}

/// The name and the value of a `Set-Cookie` line.
pub(crate) fn parse_cookie(line: &[u8]) -> (&[u8], Zval) {
    let equals = line.iter().position(|byte| *byte == b'=');
    let (name, rest) = equals.map_or((b"".as_slice(), line), |at| (&line[..at], &line[at + 1..]));
    let value = rest.split(|byte| *byte == b';').next().unwrap_or_default();
    (name, if value.is_empty() { Text::new(b"") } else { url_decode(value) }.into())
}

/// Notes a cookie in the properties.
fn set_cookie(this: &mut ZendObject, line: &[u8]) {
    let (name, value) = parse_cookie(line);
    if name.is_empty() {
        object::push_to_slot(this, slot::COOKIES, value);
    } else {
        object::set_in_slot(this, slot::COOKIES, name, value);
    }
    object::push_to_slot(this, slot::SET_COOKIE_HEADERS, string(line));
}
