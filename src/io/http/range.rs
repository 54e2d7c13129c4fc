//! `Range` headers (RFC 9110, 14.2), in units of bytes.

/// More parts than this are not worth asking for: the whole is sent.
const MOST: usize = 64;

/// What of a file is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ranges {
    /// All of it.
    Whole,
    /// Nothing that it has.
    None,
    /// These parts, by offset and length, none of them empty.
    Parts(Vec<(u64, u64)>),
}

/// Reads the value of a `Range` header for a file of `size` bytes.
pub(super) fn parse(value: &[u8], size: u64) -> Ranges {
    const UNIT: &[u8] = b"bytes=";
    let Some((unit, list)) = value.split_at_checked(UNIT.len()) else { return Ranges::Whole };
    if !unit.eq_ignore_ascii_case(UNIT) {
        return Ranges::Whole;
    }
    let mut parts = Vec::new();
    let mut total: u64 = 0;
    for item in list.split(|byte| *byte == b',') {
        let item = item.trim_ascii();
        if item.is_empty() {
            continue;
        }
        let Some(part) = part(item, size) else { return Ranges::None };
        let Some((offset, length)) = part else { continue };
        total = total.saturating_add(length);
        parts.push((offset, length));
        // parts that overlap make more of a file than it is
        if parts.len() > MOST || total > size {
            return Ranges::Whole;
        }
    }
    if parts.is_empty() { Ranges::None } else { Ranges::Parts(parts) }
}

/// `first-last`, `first-` or `-count`. `None` when it is none of these, `Some(None)` when it lies outside.
fn part(item: &[u8], size: u64) -> Option<Option<(u64, u64)>> {
    let dash = item.iter().position(|byte| *byte == b'-')?;
    let (first, last) = (item[..dash].trim_ascii(), item[dash + 1..].trim_ascii());
    let (start, end) = match (first.is_empty(), last.is_empty()) {
        (true, true) => return None,
        (true, false) => (size.saturating_sub(number(last)?), size),
        (false, true) => (number(first)?, size),
        (false, false) => {
            let (first, last) = (number(first)?, number(last)?);
            if last < first {
                return None;
            }
            (first, last.saturating_add(1).min(size))
        }
    };
    Some((start < end).then(|| (start, end - start)))
}

/// A decimal number; the largest one for those that are too large.
fn number(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |number, digit| {
        digit.is_ascii_digit().then(|| number.saturating_mul(10).saturating_add(u64::from(digit - b'0')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_part_many_parts_and_none() {
        let parts = |text: &str| match parse(text.as_bytes(), 100) {
            Ranges::Parts(parts) => format!("{parts:?}"),
            other => format!("{other:?}"),
        };
        assert_eq!(parts("bytes=0-15"), "[(0, 16)]");
        assert_eq!(parts("BYTES= 0 - 15 "), "[(0, 16)]");
        assert_eq!(parts("bytes=90-"), "[(90, 10)]");
        assert_eq!(parts("bytes=90-1000"), "[(90, 10)]");
        assert_eq!(parts("bytes=-16"), "[(84, 16)]");
        assert_eq!(parts("bytes=-99999999999999999999999"), "[(0, 100)]");
        assert_eq!(parts("bytes=0-0,-1"), "[(0, 1), (99, 1)]");
        assert_eq!(parts("bytes=0-0, 200-300 ,,-1"), "[(0, 1), (99, 1)]");
        for none in ["bytes=100-", "bytes=-0", "bytes=abc", "bytes=50", "bytes=5-4", "bytes=-", "bytes=", "bytes=1-2x"]
        {
            assert_eq!(parts(none), "None", "{none}");
        }
        for whole in ["", "abc", "lines=1-2", "bytes 1-2", "bytes=0-,0-", "bytes=0-60,30-99"] {
            assert_eq!(parts(whole), "Whole", "{whole}");
        }
        let many = vec!["0-0"; MOST + 1].join(",");
        assert_eq!(parts(&format!("bytes={many}")), "Whole");
        assert_eq!(parse(b"bytes=0-", 0), Ranges::None);
    }
}
