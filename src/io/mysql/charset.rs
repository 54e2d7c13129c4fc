//! Character sets: the number that each name has in the protocol, and escaping that respects multi-byte characters.

/// utf8, what a connection uses when nothing else is asked for.
pub const DEFAULT: u8 = 33;

/// Names and the number of their default collation.
const NAMES: &[(&str, u8)] = &[
    ("armscii8", 32),
    ("ascii", 11),
    ("big5", 1),
    ("binary", 63),
    ("cp1250", 26),
    ("cp1251", 51),
    ("cp1256", 57),
    ("cp1257", 59),
    ("cp850", 4),
    ("cp852", 40),
    ("cp866", 36),
    ("cp932", 95),
    ("dec8", 3),
    ("eucjpms", 97),
    ("euckr", 19),
    ("filename", 17),
    ("gb2312", 24),
    ("gbk", 28),
    ("geostd8", 92),
    ("greek", 25),
    ("hebrew", 16),
    ("hp8", 6),
    ("keybcs2", 37),
    ("koi8r", 7),
    ("koi8u", 22),
    ("latin1", 8),
    ("latin2", 9),
    ("latin5", 30),
    ("latin7", 41),
    ("macce", 38),
    ("macroman", 39),
    ("sjis", 13),
    ("swe7", 10),
    ("tis620", 18),
    ("ucs2", 35),
    ("ujis", 12),
    ("utf16", 54),
    ("utf16le", 56),
    ("utf32", 60),
    ("utf8", 33),
    ("utf8mb4", 45),
];

/// The number of a character set, by its name in any case.
pub fn number(name: &[u8]) -> Option<u8> {
    NAMES.iter().find(|(known, _)| known.as_bytes().eq_ignore_ascii_case(name)).map(|&(_, number)| number)
}

/// How many bytes the valid multi-byte character at the start of `text` has in character set `charset`; 0 when there is none.
fn valid_multibyte(charset: u8, text: &[u8]) -> usize {
    let at = |index: usize| text.get(index).copied().unwrap_or(0);
    let high = |byte: u8| (0xa1..=0xfe).contains(&byte);
    match charset {
        33 | 45 => utf8_length(text),
        // big5
        1 if high(at(0)) && (matches!(at(1), 0x40..=0x7e) || high(at(1))) => 2,
        // gbk
        28 if matches!(at(0), 0x81..=0xfe) && matches!(at(1), 0x40..=0x7e | 0x80..=0xfe) => 2,
        // gb2312, euckr
        24 if matches!(at(0), 0xa1..=0xf7) && high(at(1)) => 2,
        19 if matches!(at(0), 0x81..=0xfe) && matches!(at(1), 0x41..=0x5a | 0x61..=0x7a | 0x81..=0xfe) => 2,
        // sjis, cp932
        13 | 95 if matches!(at(0), 0x81..=0x9f | 0xe0..=0xfc) && matches!(at(1), 0x40..=0x7e | 0x80..=0xfc) => 2,
        // ujis, eucjpms
        12 | 97 if at(0) == 0x8f && high(at(1)) && high(at(2)) => 3,
        12 | 97 if (high(at(0)) && high(at(1))) || (at(0) == 0x8e && matches!(at(1), 0xa1..=0xdf)) => 2,
        _ => 0,
    }
}

fn utf8_length(text: &[u8]) -> usize {
    let length = match text.first() {
        Some(0xc2..=0xdf) => 2,
        Some(0xe0..=0xef) => 3,
        Some(0xf0..=0xf4) => 4,
        _ => return 0,
    };
    match text.get(..length) {
        Some(bytes) if std::str::from_utf8(bytes).is_ok() => length,
        _ => 0,
    }
}

/// Whether `byte` opens a multi-byte character in `charset`, whatever follows.
fn opens_multibyte(charset: u8, byte: u8) -> bool {
    match charset {
        33 | 45 => matches!(byte, 0xc2..=0xf4),
        13 | 95 => matches!(byte, 0x81..=0x9f | 0xe0..=0xfc),
        1 | 12 | 19 | 24 | 28 | 97 => byte >= 0x81,
        _ => false,
    }
}

/// `text` with the characters escaped that would end a quoted literal or are awkward in one.
pub fn escape(charset: u8, text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + text.len() / 8 + 2);
    let mut rest = text;
    while let Some(&byte) = rest.first() {
        let length = valid_multibyte(charset, rest);
        if length > 0 {
            out.extend_from_slice(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        let escaped = match byte {
            _ if opens_multibyte(charset, byte) => Some(byte),
            0 => Some(b'0'),
            b'\n' => Some(b'n'),
            b'\r' => Some(b'r'),
            b'\\' | b'\'' | b'"' => Some(byte),
            0x1a => Some(b'Z'),
            _ => None,
        };
        match escaped {
            Some(letter) => out.extend_from_slice(&[b'\\', letter]),
            None => out.push(byte),
        }
        rest = &rest[1..];
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_in_any_case() {
        assert_eq!(number(b"utf8mb4"), Some(45));
        assert_eq!(number(b"UTF8"), Some(33));
        assert_eq!(number(b"klingon"), None);
    }

    #[test]
    fn escaping_leaves_whole_characters_alone() {
        assert_eq!(
            escape(45, "a'b\"c\\d\n\r\0\u{1a}\u{e9}\u{1f600}".as_bytes()),
            "a\\'b\\\"c\\\\d\\n\\r\\0\\Z\u{e9}\u{1f600}".as_bytes()
        );
        // The second byte of this gbk character is a backslash, and this one of a broken character is escaped.
        assert_eq!(escape(28, b"\xd5\x5c'"), b"\xd5\x5c\\'");
        assert_eq!(escape(28, b"\xd5'"), b"\\\xd5\\'");
        assert_eq!(escape(33, b"\xe9' x"), b"\\\xe9\\' x");
        assert_eq!(escape(8, b"\xe9'"), b"\xe9\\'");
    }
}
