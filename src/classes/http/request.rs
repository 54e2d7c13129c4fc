//! `Swoole\Http\Request`.

use super::address;
use super::head::capitalise;
use super::upload::Form;
use crate::classes::{ce, slots::swoole_http_request as slot};
use crate::io::http::upload::Uploads;
use crate::io::http::{self, Parser, cookies, is_same, multipart};
use crate::native_handlers;
use crate::zend::array::{self, Array, Key};
use crate::zend::call::{Call, Return};
use crate::zend::fields::{Named, Shape};
use crate::zend::lazy::{self, Lazy};
use crate::zend::object::{self, Native};
use crate::zend::text::{Name, Text};
use crate::zend::{input, string, sys};
use ::http::{Method, Version};
use bytes::Bytes;
use ext_php_rs::types::{ZendObject, Zval};
use std::cell::{Cell, OnceCell, RefCell};
use std::ffi::OsStr;
use std::net::SocketAddr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

/// What the server's settings say about parsing.
#[derive(Clone, Debug)]
pub struct Parsing {
    /// `http_parse_cookie`.
    pub cookie: bool,
    /// `http_parse_post`.
    pub post: bool,
    /// `http_parse_files`: files of one name are grouped by attribute, as in `$_FILES`.
    pub files: bool,
    /// `upload_tmp_dir`.
    pub folder: PathBuf,
}

impl Default for Parsing {
    fn default() -> Self {
        Self { cookie: true, post: true, files: false, folder: PathBuf::from("/tmp") }
    }
}

/// A request as it arrived; empty in an object that PHP made.
pub struct Request {
    arrived: OnceCell<Arrived>,
    /// What `create()` made, to be fed by `parse()`.
    fed: OnceCell<Box<Fed>>,
}

/// A request that PHP code receives.
struct Fed {
    parser: RefCell<Parser>,
    parsing: Rc<Parsing>,
}

struct Arrived {
    request: http::Request,
    parsing: Rc<Parsing>,
    time: SystemTime,
    /// A form with files, read when it is first asked for.
    form: OnceCell<Option<Form>>,
    /// A form that went to the disk while it arrived.
    uploads: RefCell<Option<Box<Uploads>>>,
    /// The body, where it came after the head was shown.
    late: OnceCell<Bytes>,
    /// Whether a server of ours received it, so that its addresses are known.
    received: bool,
    /// What may have more variables than `max_input_vars` allows is read as soon as anything is, so that the warnings come together.
    crowded: RefCell<Vec<(usize, Zval)>>,
    /// Whether it was looked for what is crowded.
    counted: Cell<bool>,
}

/// Keys and values that requests have in common.
struct Names {
    query_string: Name,
    request_method: Name,
    request_uri: Name,
    path_info: Name,
    request_time: Name,
    request_time_float: Name,
    server_protocol: Name,
    remote_addr: Name,
    remote_port: Name,
    server_addr: Name,
    server_port: Name,
    master_time: Name,
    http_10: Name,
    http_11: Name,
    http_2: Name,
    slash: Name,
    get: Name,
    post: Name,
    headers: Vec<(&'static [u8], Name)>,
}

static NAMES: OnceLock<Names> = OnceLock::new();

/// Headers that come with most requests.
const COMMON: [&str; 14] = [
    "host",
    "user-agent",
    "accept",
    "accept-encoding",
    "accept-language",
    "connection",
    "content-type",
    "content-length",
    "authorization",
    "referer",
    "origin",
    "cache-control",
    "upgrade-insecure-requests",
    "cookie",
];

/// Headers of which Swoole keeps the last line when they are repeated; of others it makes a list.
const SINGLE: [&str; 8] = [
    "host",
    "user-agent",
    "accept",
    "content-type",
    "content-length",
    "authorization",
    "connection",
    "accept-encoding",
];

impl Names {
    fn new() -> Self {
        Self {
            query_string: Name::new("query_string"),
            request_method: Name::new("request_method"),
            request_uri: Name::new("request_uri"),
            path_info: Name::new("path_info"),
            request_time: Name::new("request_time"),
            request_time_float: Name::new("request_time_float"),
            server_protocol: Name::new("server_protocol"),
            remote_addr: Name::new("remote_addr"),
            remote_port: Name::new("remote_port"),
            server_addr: Name::new("server_addr"),
            server_port: Name::new("server_port"),
            master_time: Name::new("master_time"),
            http_10: Name::new("HTTP/1.0"),
            http_11: Name::new("HTTP/1.1"),
            http_2: Name::new("HTTP/2"),
            slash: Name::new("/"),
            get: Name::new("GET"),
            post: Name::new("POST"),
            headers: COMMON.iter().map(|name| (name.as_bytes(), Name::new(name))).collect(),
        }
    }

    fn method(&self, method: &Method) -> Zval {
        match *method {
            Method::GET => self.get.value(),
            Method::POST => self.post.value(),
            _ => string(method.as_str().as_bytes()),
        }
    }
}

impl Native for Request {
    native_handlers!();

    fn new() -> Self {
        Self { arrived: OnceCell::new(), fed: OnceCell::new() }
    }

    fn customise(handlers: &mut sys::zend_object_handlers) {
        NAMES.get_or_init(Names::new);
        lazy::install::<Self>(handlers);
    }
}

impl Lazy for Request {
    const PROPERTIES: &'static [(&'static str, usize)] = &[
        ("header", slot::HEADER),
        ("server", slot::SERVER),
        ("cookie", slot::COOKIE),
        ("get", slot::GET),
        ("post", slot::POST),
        ("files", slot::FILES),
        ("tmpfiles", slot::TMPFILES),
    ];

    fn make(&self, _object: &ZendObject, slot: usize) -> Zval {
        let (Some(arrived), Some(names)) = (self.arrived.get(), NAMES.get()) else { return Zval::new() };
        // a warning's handler may come back here
        if !arrived.counted.replace(true) {
            arrived.count();
        }
        if let Some(made) = arrived.crowded(slot) {
            return made;
        }
        let made = match slot {
            slot::HEADER => Some(arrived.header(names)),
            slot::SERVER => Some(arrived.server(names)),
            slot::COOKIE => arrived.cookie(),
            slot::GET => arrived.get(),
            slot::POST => arrived.post(),
            _ => None,
        };
        if let (None, Some(form)) = (&made, arrived.form(slot)) {
            return match slot {
                slot::POST => form.post.shallow_clone(),
                slot::FILES => form.files.shallow_clone(),
                _ => form.tmpfiles.shallow_clone(),
            };
        }
        made.map_or_else(Zval::new, Zval::from)
    }
}

impl Arrived {
    fn new(mut request: http::Request, parsing: Rc<Parsing>, received: bool) -> Self {
        let (form, late, uploads) = (OnceCell::new(), OnceCell::new(), RefCell::new(request.uploads.take()));
        let (time, crowded, counted) = (SystemTime::now(), RefCell::default(), Cell::new(false));
        Self { request, parsing, time, form, uploads, late, received, crowded, counted }
    }

    /// Whether a property may be other than null.
    #[inline]
    fn is_something(&self, slot: usize) -> bool {
        match slot {
            slot::HEADER | slot::SERVER => true,
            slot::COOKIE => self.parsing.cookie && self.request.fields.contains("cookie"),
            slot::GET => self.request.uri.query().is_some_and(|query| !query.is_empty()),
            _ => !self.request.body.is_empty() || self.uploads.borrow().is_some(),
        }
    }

    /// Makes what has room for more variables than are allowed.
    #[inline]
    fn count(&self) {
        let query = self.request.uri.query().map_or(0, str::len);
        // a variable takes two bytes: a letter, and what ends it
        let most = input::max_vars().saturating_mul(2);
        if query + self.request.fields.size() + self.body().len() > most {
            self.count_each(query, most);
        }
    }

    #[cold]
    fn count_each(&self, query: usize, most: usize) {
        let cookies = self.request.fields.get_all("cookie").map(<[u8]>::len).sum::<usize>();
        let body = if self.received { self.body().len() } else { 0 };
        let texts: [(_, _, fn(&Self) -> _); 3] =
            [(query, slot::GET, Self::get), (cookies, slot::COOKIE, Self::cookie), (body, slot::POST, Self::post)];
        for (_, slot, make) in texts.into_iter().filter(|(length, ..)| *length > most) {
            let made: Option<Array> = make(self);
            self.crowded.borrow_mut().extend(made.map(|made| (slot, Zval::from(made))));
        }
    }

    /// The array of a property that was made so.
    #[inline]
    fn crowded(&self, slot: usize) -> Option<Zval> {
        let crowded = self.crowded.borrow();
        crowded.iter().find(|(of, _)| *of == slot).map(|(_, made)| made.shallow_clone())
    }

    fn body(&self) -> &[u8] {
        self.late.get().unwrap_or(&self.request.body)
    }

    #[inline(never)]
    fn header(&self, names: &Names) -> Array {
        let fields = &self.request.fields;
        let mut array = Array::with_names(fields.len() as u32);
        for (index, (name, value)) in fields.iter().enumerate() {
            if self.parsing.cookie && is_same(name, b"cookie") {
                continue;
            }
            let add =
                |array: &mut Array, value: Zval| match names.headers.iter().find(|(common, _)| is_same(common, name)) {
                    Some((_, key)) => array.add(*key, value),
                    None => array.set_symbol(&name.to_ascii_lowercase(), value),
                };
            let is_it = |(other, _): &(&[u8], &[u8])| is_same(other, name);
            if fields.iter().take(index).any(|line| is_it(&line)) {
                continue;
            }
            let mut others = fields.iter().skip(index + 1).filter(is_it).map(|(_, value)| value).peekable();
            let value = if others.peek().is_none() {
                string(value)
            } else if SINGLE.iter().any(|single| is_same(single.as_bytes(), name)) {
                string(others.last().unwrap_or(value))
            } else {
                let mut list = Array::new();
                std::iter::once(value).chain(others).for_each(|value| list.push(string(value)));
                list.into()
            };
            add(&mut array, value);
        }
        array
    }

    #[inline(never)]
    fn server(&self, names: &Names) -> Array {
        /// Without and with a query: requests that nobody received, those of one process, those of several.
        static SHAPES: [[Shape; 2]; 3] = [const { [const { Shape::new() }; 2] }; 3];
        let request = &self.request;
        let mut array = Named::<12>::new();
        let query = request.uri.query().filter(|query| !query.is_empty());
        let shape = |kind: usize| &SHAPES[kind][usize::from(query.is_some())];
        if let Some(query) = query {
            array.add(names.query_string).put_text(query.as_bytes());
        }
        array.add(names.request_method).put(names.method(&request.method));
        let path = request.uri.path();
        if path == "/" {
            array.add(names.request_uri).put(names.slash.value());
            array.add(names.path_info).put(names.slash.value());
        } else {
            let text = Text::new(path.as_bytes());
            array.add(names.request_uri).put(text.value());
            let plain = !path.bytes().any(|byte| matches!(byte, b'%' | b'+'));
            let decoded = if plain { text } else { input::url_decode(path.as_bytes()) };
            array.add(names.path_info).put(decoded.into());
        }
        let time = self.time.duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = time.as_secs() as i64;
        array.add(names.request_time).put_int(seconds);
        array.add(names.request_time_float).put_float(seconds as f64 + f64::from(time.subsec_micros()) / 1e6);
        let version = match request.version {
            Version::HTTP_2 => names.http_2,
            Version::HTTP_11 => names.http_11,
            _ => names.http_10,
        };
        array.add(names.server_protocol).put(version.value());
        if !self.received {
            return array.finish(shape(0));
        }
        let port = |address: Option<SocketAddr>| address.map_or(0, |it| i64::from(it.port()));
        let (remote, local) = (request.link.remote, request.link.local);
        if request.link.session.get() == 0 {
            array.add(names.remote_addr).put(address::text(remote));
            array.add(names.remote_port).put_int(port(remote));
            array.add(names.server_addr).put(address::own(local));
            array.add(names.server_port).put_int(port(local));
            array.finish(shape(1))
        } else {
            // The order of servers of several processes.
            array.add(names.server_port).put_int(port(local));
            array.add(names.remote_port).put_int(port(remote));
            array.add(names.server_addr).put(address::own(local));
            array.add(names.remote_addr).put(address::text(remote));
            array.add(names.master_time).put_int(seconds);
            array.finish(shape(2))
        }
    }

    #[inline(never)]
    fn cookie(&self) -> Option<Array> {
        let lines = self.request.fields.get_all("cookie");
        let mut lines = lines.filter(|line| self.parsing.cookie && !line.is_empty()).peekable();
        lines.peek()?;
        let mut array = Array::new();
        lines.for_each(|line| input::cookies(cookies::pairs(line), &mut array));
        Some(array)
    }

    #[inline(never)]
    fn get(&self) -> Option<Array> {
        let query = self.request.uri.query().filter(|query| !query.is_empty())?;
        Some(input::query(query.as_bytes()))
    }

    /// The `Content-Type` of a body that may be a form.
    fn form_type(&self) -> Option<&[u8]> {
        let request = &self.request;
        let carries_form = matches!(request.method, Method::POST | Method::PUT | Method::DELETE | Method::PATCH);
        let kind = request.fields.get("content-type")?;
        (carries_form && !self.body().is_empty()).then_some(kind)
    }

    #[inline(never)]
    fn post(&self) -> Option<Array> {
        const FORM: &[u8] = b"application/x-www-form-urlencoded";
        let kind = self.form_type()?.get(..FORM.len())?;
        (self.parsing.post && kind.eq_ignore_ascii_case(FORM)).then(|| input::query(self.body()))
    }

    /// The form with files, for the properties that come from one.
    #[inline(never)]
    fn form(&self, slot: usize) -> Option<&Form> {
        if !matches!(slot, slot::POST | slot::FILES | slot::TMPFILES) {
            return None;
        }
        if self.form.get().is_none() {
            let uploads = self.uploads.borrow_mut().take();
            let form = match uploads {
                Some(mut uploads) => Some(Form::of(&mut uploads, self.parsing.files)),
                None => {
                    let boundary = self.form_type().and_then(multipart::boundary);
                    let (folder, by_attribute) = (&self.parsing.folder, self.parsing.files);
                    boundary.map(|boundary| Form::read(self.body(), &boundary, folder, by_attribute))
                }
            };
            // A warning's handler may have come here first; then its form counts.
            let _ = self.form.set(form);
        }
        self.form.get()?.as_ref()
    }

    /// The request as its sender wrote it, with header names Like-This.
    fn data(&self) -> Vec<u8> {
        let request = &self.request;
        let mut data = Vec::with_capacity(256 + self.body().len());
        let target = request.uri.path_and_query().map_or("/", |target| target.as_str());
        data.extend_from_slice(format!("{} {target} {:?}\r\n", request.method, request.version).as_bytes());
        for (name, value) in request.fields.iter() {
            let from = data.len();
            data.extend_from_slice(name);
            capitalise(&mut data[from..]);
            data.extend_from_slice(b": ");
            data.extend_from_slice(value);
            data.extend_from_slice(b"\r\n");
        }
        data.extend_from_slice(b"\r\n");
        data.extend_from_slice(self.body());
        data
    }
}

/// A PHP object for a request that has arrived.
pub(crate) fn object(request: http::Request, parsing: Rc<Parsing>) -> Zval {
    let fd = match request.link.session.get() {
        0 => i64::from(request.link.fd),
        session => session,
    };
    let stream_id = i64::from(request.stream_id);
    let native = Request { arrived: Arrived::new(request, parsing, true).into(), fed: OnceCell::new() };
    object::instantiate_of(ce::swoole_http_request(), native, |native, object| {
        if let Some(arrived) = native.arrived.get() {
            lazy::begin::<Request>(object, |slot| arrived.is_something(slot));
        }
        object::set_slot(object, slot::FD, fd);
        if stream_id > 0 {
            object::set_slot(object, slot::STREAM_ID, stream_id);
        }
    })
}

/// Says over which connection this request came, in a request object that PHP code has made.
pub(super) fn set_fd(value: &Zval, fd: i64) {
    let mut kept = value.shallow_clone();
    if let Some(object) = kept.object_mut() {
        object::set_slot(object, slot::FD, fd);
    }
}

/// `getContent(): string|false`
pub fn get_content(call: &mut Call<'_>) -> Return {
    let request = call.native::<Request>();
    match (request.arrived.get(), request.fed.get()) {
        (_, Some(fed)) => call.return_bytes(fed.parser.borrow().body()),
        (Some(arrived), None) => call.return_bytes(arrived.body()),
        (None, None) => call.return_bool(false),
    }
}

/// `rawContent(): string|false`
pub fn raw_content(call: &mut Call<'_>) -> Return {
    get_content(call)
}

/// `getData(): string|false`
pub fn get_data(call: &mut Call<'_>) -> Return {
    let request = call.native::<Request>();
    match (request.arrived.get(), request.fed.get()) {
        (_, Some(fed)) => call.return_bytes(fed.parser.borrow().raw()),
        (Some(arrived), None) => call.return_bytes(&arrived.data()),
        (None, None) => call.return_bool(false),
    }
}

/// `create(array $options = []): Request`
pub fn create(call: &mut Call<'_>) -> Return {
    let mut parsing = Parsing { files: true, ..Parsing::default() };
    if let Some(options) = call.optional(0, None, |call, index| call.array_arg(index).map(Some))? {
        array::try_each(options, |key, value| {
            let Key::Text(key) = key else { return Ok(()) };
            match &*key.to_ascii_lowercase() {
                b"parse_cookie" => parsing.cookie = value.coerce_to_bool(),
                b"parse_body" => parsing.post = value.coerce_to_bool(),
                b"parse_files" => parsing.files = value.coerce_to_bool(),
                b"upload_tmp_dir" => parsing.folder = OsStr::from_bytes(Text::of(value)?.as_bytes()).into(),
                // the others are about the answer, which is not made here
                _ => {}
            }
            Ok(())
        })?;
    }
    let made = object::instantiate_with::<Request>(ce::swoole_http_request(), |native, object| {
        let _ = native.fed.set(Box::new(Fed { parser: RefCell::default(), parsing: Rc::new(parsing) }));
        object::set_slot(object, slot::HEADER, Zval::from(Array::new()));
        object::set_slot(object, slot::SERVER, Zval::from(Array::new()));
    });
    call.return_value(made)
}

/// `parse(string $data): int|false`
pub fn parse(call: &mut Call<'_>) -> Return {
    let data = call.str_arg(0)?.as_bytes();
    let request = call.native::<Request>();
    let Some(fed) = request.fed.get().filter(|fed| !fed.parser.borrow().is_complete()) else {
        return call.return_bool(false);
    };
    let Ok((count, head)) = fed.parser.borrow_mut().feed(data) else { return call.return_bool(false) };
    let object = call.this();
    if let Some(head) = head {
        let _ = request.arrived.set(Arrived::new(head, Rc::clone(&fed.parsing), false));
        show_anew(object, &[slot::HEADER, slot::SERVER, slot::COOKIE, slot::GET]);
    }
    if fed.parser.borrow().is_complete()
        && let Some(arrived) = request.arrived.get()
    {
        let _ = arrived.late.set(Bytes::copy_from_slice(fed.parser.borrow().body()));
        show_anew(object, &[slot::POST, slot::FILES, slot::TMPFILES]);
    }
    call.return_long(count as i64)
}

/// Lets properties be made from what is known now.
fn show_anew(object: &mut ZendObject, slots: &[usize]) {
    for slot in slots {
        object::set_slot(object, *slot, Zval::null());
        lazy::forget::<Request>(object, *slot);
    }
}

/// `isCompleted(): bool`
pub fn is_completed(call: &mut Call<'_>) -> Return {
    let request = call.native::<Request>();
    let completed = match request.fed.get() {
        Some(fed) => fed.parser.borrow().is_complete(),
        None => request.arrived.get().is_some(),
    };
    call.return_bool(completed)
}

/// `getMethod(): string|false`
pub fn get_method(call: &mut Call<'_>) -> Return {
    match (call.native::<Request>().arrived.get(), NAMES.get()) {
        (Some(arrived), Some(names)) => call.return_value(names.method(&arrived.request.method)),
        _ => {
            let fed = call.native::<Request>().fed.get().map(|fed| fed.parser.borrow());
            match fed.as_ref().and_then(|parser| parser.method()) {
                Some(method) => call.return_bytes(method),
                None => call.return_bool(false),
            }
        }
    }
}
