//! `multipart/form-data` bodies (RFC 7578), over bytes.

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
    Some(Part { name, filename: parameter(disposition, b"filename"), content_type, data })
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
    let first = *wanted.first()?;
    let mut from = 0;
    while let Some(at) = text.get(from..)?.iter().position(|byte| *byte == first) {
        if text[from + at..].starts_with(wanted) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
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
