//! `multipart/form-data` bodies (RFC 7578), over bytes.

use memchr::memmem;
use std::borrow::Cow;

/// One field or file of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// The field's name.
    pub name: Cow<'a, [u8]>,
    /// The file's name, empty when none was chosen; `None` for a plain field.
    pub filename: Option<Cow<'a, [u8]>>,
    /// The part's own `Content-Type`.
    pub content_type: Option<&'a [u8]>,
    /// What it holds.
    pub data: &'a [u8],
}

/// The boundary that a `Content-Type` names; `None` when it is not `multipart/form-data` or names none.
pub fn boundary(content_type: &[u8]) -> Option<Cow<'_, [u8]>> {
    const KIND: &[u8] = b"multipart/form-data";
    let (kind, rest) = content_type.split_at_checked(KIND.len())?;
    if !kind.eq_ignore_ascii_case(KIND) {
        return None;
    }
    parameter(rest, b"boundary").filter(|boundary| !boundary.is_empty())
}

/// The complete parts of `body` that have a name, in order. What comes before the first boundary or is cut off is left out.
pub fn parts<'a>(body: &'a [u8], boundary: &[u8]) -> Vec<Part<'a>> {
    let delimiter = [b"\r\n--", boundary].concat();
    let mut found = Vec::new();
    // the first boundary may stand at the very start, without a line break before it
    let mut rest = match body.strip_prefix(&delimiter[2..]) {
        Some(rest) => rest,
        None => match find(body, &delimiter) {
            Some(at) => &body[at + delimiter.len()..],
            None => return found,
        },
    };
    while !rest.starts_with(b"--") {
        let Some(line_end) = find(rest, b"\r\n") else { break };
        rest = &rest[line_end..];
        let Some(end) = find(rest, &delimiter) else { break };
        found.extend(part(&rest[..end]));
        rest = &rest[end + delimiter.len()..];
    }
    found
}

/// A part from the line break before its first header to its end.
fn part(text: &[u8]) -> Option<Part<'_>> {
    let head_end = find(text, b"\r\n\r\n")?;
    let (head, data) = (&text[..head_end], &text[head_end + 4..]);
    let (name, filename, content_type) = fields(head)?;
    Some(Part { name, filename, content_type, data })
}

/// Name, file name and type of a part, out of its header lines; `None` without a name.
#[allow(clippy::type_complexity, reason = "three parts of a head, taken apart at once by both callers")]
fn fields(head: &[u8]) -> Option<(Cow<'_, [u8]>, Option<Cow<'_, [u8]>>, Option<&[u8]>)> {
    let mut disposition = None;
    let mut content_type = None;
    for line in head.split(|byte| *byte == b'\n') {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else { continue };
        let (name, value) = (line[..colon].trim_ascii(), line[colon + 1..].trim_ascii());
        if name.eq_ignore_ascii_case(b"content-disposition") {
            disposition = Some(value);
        } else if name.eq_ignore_ascii_case(b"content-type") {
            content_type = Some(value);
        }
    }
    let disposition = disposition?;
    let name = parameter(disposition, b"name").filter(|name| !name.is_empty())?;
    Some((name, parameter(disposition, b"filename"), content_type))
}

/// A part's head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartHead {
    /// The field's name.
    pub name: Vec<u8>,
    /// The file's name, empty when none was chosen; `None` for a plain field.
    pub filename: Option<Vec<u8>>,
    /// The part's own `Content-Type`.
    pub content_type: Option<Vec<u8>>,
}

/// What a [`Reader`] has found. Parts without a name are left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A part begins.
    Begin(PartHead),
    /// More of what the part holds.
    Data(&'a [u8]),
    /// The part is complete.
    End,
}

/// Reads a body that arrives in pieces of any size, as [`parts`] reads a whole one.
#[derive(Debug)]
pub struct Reader {
    delimiter: memmem::Finder<'static>,
    /// What has arrived and is not read yet.
    buffer: Vec<u8>,
    place: Place,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Preamble,
    /// Behind a boundary: two dashes, or the end of its line.
    Boundary,
    /// In the header lines, from the line break before them on.
    Head,
    Data {
        /// Whether the part has a name.
        named: bool,
    },
    End,
}

/// Header lines longer than this are not read.
const LONGEST_HEAD: usize = 16 << 10;

impl Reader {
    /// Reads parts between lines of this boundary.
    pub fn new(boundary: &[u8]) -> Self {
        let delimiter = memmem::Finder::new(&[b"\r\n--", boundary].concat()).into_owned();
        // the first boundary may stand at the very start, without a line break before it
        Self { delimiter, buffer: b"\r\n".to_vec(), place: Place::Preamble }
    }

    /// Bytes that have arrived and wait for more.
    pub fn waiting(&self) -> usize {
        self.buffer.len()
    }

    /// Whether a part has begun and not ended.
    pub fn in_part(&self) -> bool {
        matches!(self.place, Place::Data { named: true })
    }

    /// Takes more of the body in, and shows what it completes.
    ///
    /// # Errors
    /// What `show` returns; nothing is to be fed then.
    pub fn feed<E>(&mut self, bytes: &[u8], mut show: impl FnMut(Event<'_>) -> Result<(), E>) -> Result<(), E> {
        if self.place == Place::End {
            return Ok(());
        }
        let mut buffer = std::mem::take(&mut self.buffer);
        buffer.extend_from_slice(bytes);
        let mut at = 0;
        while let Some(next) = self.step(&buffer[at..], &mut show)? {
            at += next;
        }
        buffer.drain(..at);
        self.buffer = buffer;
        Ok(())
    }

    /// Reads one thing; how many bytes that were, or `None` when more have to come.
    fn step<E>(&mut self, rest: &[u8], show: &mut impl FnMut(Event<'_>) -> Result<(), E>) -> Result<Option<usize>, E> {
        let length = self.delimiter.needle().len();
        match self.place {
            Place::Preamble | Place::Data { .. } => {
                let found = self.delimiter.find(rest);
                // the delimiter's beginning may be what has arrived last
                let end = found.unwrap_or_else(|| rest.len().saturating_sub(length - 1));
                if self.in_part() && end > 0 {
                    show(Event::Data(&rest[..end]))?;
                }
                if found.is_some() {
                    if self.in_part() {
                        show(Event::End)?;
                    }
                    self.place = Place::Boundary;
                    return Ok(Some(end + length));
                }
                Ok((end > 0).then_some(end))
            }
            Place::Boundary if rest.starts_with(b"--") => {
                self.place = Place::End;
                Ok(Some(rest.len()))
            }
            Place::Boundary if b"--".starts_with(rest) => Ok(None),
            Place::Boundary => match find(rest, b"\r\n") {
                Some(end) => {
                    self.place = Place::Head;
                    Ok(Some(end))
                }
                None => Ok(None),
            },
            Place::Head => {
                let (end, next) = (find(rest, b"\r\n\r\n"), self.delimiter.find(rest));
                match (end, next) {
                    (end, Some(next)) if end.is_none_or(|end| next < end + 4) => {
                        self.place = Place::Boundary;
                        Ok(Some(next + length))
                    }
                    // the last line break may be the beginning of a delimiter that has not all arrived
                    (Some(end), None) if rest.len() < end + 2 + length => Ok(None),
                    (Some(end), _) => {
                        let head = fields(&rest[..end]).filter(|_| end <= LONGEST_HEAD);
                        self.place = Place::Data { named: head.is_some() };
                        if let Some((name, filename, content_type)) = head {
                            let filename = filename.map(Cow::into_owned);
                            let content_type = content_type.map(<[u8]>::to_vec);
                            show(Event::Begin(PartHead { name: name.into_owned(), filename, content_type }))?;
                        }
                        Ok(Some(end + 4))
                    }
                    _ => Ok(None),
                }
            }
            Place::End => Ok(None),
        }
    }
}

/// The value of a parameter such as `; name="value"`.
fn parameter<'a>(text: &'a [u8], wanted: &[u8]) -> Option<Cow<'a, [u8]>> {
    let mut rest = &text[text.iter().position(|byte| *byte == b';')? + 1..];
    loop {
        let equals = rest.iter().position(|byte| *byte == b'=')?;
        let name = rest[..equals].trim_ascii();
        rest = rest[equals + 1..].trim_ascii_start();
        let value;
        (value, rest) = value_of(rest);
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value);
        }
        rest = &rest[rest.iter().position(|byte| *byte == b';')? + 1..];
    }
}

/// A token or a quoted string, and what follows it.
fn value_of(text: &[u8]) -> (Cow<'_, [u8]>, &[u8]) {
    let Some(quoted) = text.strip_prefix(b"\"") else {
        let end = text.iter().position(|byte| *byte == b';').unwrap_or(text.len());
        return (Cow::Borrowed(text[..end].trim_ascii()), &text[end..]);
    };
    let mut unescaped: Option<Vec<u8>> = None;
    let mut at = 0;
    while at < quoted.len() && quoted[at] != b'"' {
        // Browsers send backslashes as they are; only an escaped quote is one character.
        if quoted[at..].starts_with(b"\\\"") {
            unescaped.get_or_insert_with(|| quoted[..at].to_vec());
            at += 1;
        }
        if let Some(text) = &mut unescaped {
            text.push(quoted[at]);
        }
        at += 1;
    }
    let rest = quoted.get(at + 1..).unwrap_or_default();
    (unescaped.map_or(Cow::Borrowed(&quoted[..at]), Cow::Owned), rest)
}

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    memmem::find(text, wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(body: &[u8]) -> Vec<String> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let show = |part: Part<'_>| {
            format!(
                "{}|{:?}|{:?}|{}",
                text(&part.name),
                part.filename.map(|name| text(&name)),
                part.content_type.map(text),
                text(part.data)
            )
        };
        parts(body, b"XX").into_iter().map(show).collect()
    }

    #[test]
    fn boundaries() {
        let name =
            |text: &'static str| boundary(text.as_bytes()).map(|name| String::from_utf8_lossy(&name).into_owned());
        assert_eq!(name("multipart/form-data; boundary=XX").as_deref(), Some("XX"));
        assert_eq!(name("Multipart/Form-Data; charset=x; Boundary=\"a;b\"; c=d").as_deref(), Some("a;b"));
        assert_eq!(name("multipart/form-data"), None);
        assert_eq!(name("multipart/form-data; boundary="), None);
        assert_eq!(name("text/plain; boundary=XX"), None);
    }

    #[test]
    fn fields_and_files() {
        let body = b"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n2\r\n--XX\r\n\
            content-type: text/plain\r\nCONTENT-DISPOSITION: form-data; filename=\"q\\\"x;.txt\"; name=f\r\n\r\n--X\r\n--\r\n--XX \r\n\
            Content-Disposition: form-data; name=\"none\"; filename=\"\"\r\n\r\n\r\n--XX--\r\nepilogue";
        assert_eq!(
            shown(body),
            ["a|None|None|1\r\n2", "f|Some(\"q\\\"x;.txt\")|Some(\"text/plain\")|--X\r\n--", "none|Some(\"\")|None|"]
        );
    }

    /// What a reader finds that is fed in pieces of `step`, in the words of [`shown`].
    fn streamed(body: &[u8], step: usize) -> Vec<String> {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let mut reader = Reader::new(b"XX");
        let (mut found, mut open) = (Vec::new(), None);
        for piece in body.chunks(step) {
            let fed: Result<(), ()> = reader.feed(piece, |event| {
                match event {
                    Event::Begin(head) => open = Some((head, Vec::new())),
                    Event::Data(data) => open.as_mut().unwrap().1.extend_from_slice(data),
                    Event::End => {
                        let (head, data) = open.take().unwrap();
                        let (filename, kind) =
                            (head.filename.map(|name| text(&name)), head.content_type.map(|kind| text(&kind)));
                        found.push(format!("{}|{filename:?}|{kind:?}|{}", text(&head.name), text(&data)));
                    }
                }
                Ok(())
            });
            fed.unwrap();
        }
        assert_eq!(reader.in_part(), open.is_some());
        found
    }

    #[test]
    fn pieces_of_any_size_are_read_alike() {
        let bodies: [&[u8]; 7] = [
            b"--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n2\r\n--XX \r\nContent-Disposition: form-data; name=f; filename=n\r\n\r\n--X\r\n--\r\n--XX--\r\nend",
            b"before\r\n--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n\r\n--XX\r\n\r\nnameless\r\n--XX--",
            b"--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n--XX\r\nContent-Disposition: form-data; name=b\r\n\r\n2\r\n--XX--",
            b"--XX\r\nContent-Disposition: form-data; name=a\r\n\r\ncut off",
            b"--XX\r\n--XX\r\n\r\n--XX--",
            b"",
            b"--XX",
        ];
        for body in bodies {
            for step in 1..=body.len().max(1) {
                assert_eq!(streamed(body, step), shown(body), "{} {step}", String::from_utf8_lossy(body));
            }
        }
    }

    #[test]
    fn damaged_bodies() {
        assert!(shown(b"").is_empty());
        assert!(shown(b"--XX").is_empty());
        assert!(shown(b"--XX--").is_empty());
        assert!(shown(b"--XX\r\n\r\n--XX--").is_empty());
        assert!(shown(b"--XX\r\nContent-Disposition: form-data\r\n\r\n1\r\n--XX--").is_empty());
        assert!(shown(b"--XX\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\ncut off").is_empty());
        let preamble = b"before\r\n--XX\r\nContent-Disposition: form-data; name=\"a\r\n\r\n1\r\n--XX--";
        assert_eq!(shown(preamble), ["a|None|None|1"]);
    }
}
