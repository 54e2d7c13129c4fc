//! The little of a certificate that the verifier needs and webpki does not show.

use rustls::pki_types::SubjectPublicKeyInfoDer;

/// Parts of a certificate, found once.
#[derive(Debug)]
pub(super) struct Parts<'a> {
    pub(super) issuer: &'a [u8],
    pub(super) subject: &'a [u8],
    /// Seconds since 1970 from when and until when it holds.
    pub(super) not_before: i64,
    pub(super) not_after: i64,
    key: &'a [u8],
    alternative_names: bool,
    /// Of the first version, which knows no extensions.
    pub(super) is_first_version: bool,
    /// What is signed, how, and the signature.
    pub(super) signed: &'a [u8],
    pub(super) algorithm: &'a [u8],
    pub(super) signature: &'a [u8],
}

impl<'a> Parts<'a> {
    /// Reads a certificate of any version; `None` if it is none.
    pub(super) fn of(certificate: &'a [u8]) -> Option<Self> {
        let mut outer = Der(Der(certificate).expect(0x30)?);
        let body = outer.next().filter(|body| body.tag == 0x30)?;
        let signed = body.whole;
        let mut body = Der(body.content);
        let is_first_version = body.peek() != Some(0xa0);
        if !is_first_version {
            body.next()?;
        }
        body.expect(0x02)?;
        body.expect(0x30)?;
        let issuer = body.expect(0x30)?;
        let mut validity = Der(body.expect(0x30)?);
        let not_before = time(validity.next()?)?;
        let not_after = time(validity.next()?)?;
        let subject = body.expect(0x30)?;
        let key = body.next()?.whole;
        let mut alternative_names = false;
        while let Some(item) = body.next() {
            if item.tag == 0xa3 {
                alternative_names = has_alternative_names(item.content).unwrap_or(false);
            }
        }
        let algorithm = outer.expect(0x30)?;
        let (unused, signature) = outer.expect(0x03)?.split_first()?;
        (*unused == 0).then_some(Self {
            issuer,
            subject,
            not_before,
            not_after,
            key,
            alternative_names,
            is_first_version,
            signed,
            algorithm,
            signature,
        })
    }

    /// The public key.
    pub(super) fn key(&self) -> SubjectPublicKeyInfoDer<'_> {
        SubjectPublicKeyInfoDer::from(self.key)
    }

    /// Whether it names itself as who vouches for it.
    pub(super) fn is_self_issued(&self) -> bool {
        self.issuer == self.subject
    }

    /// The common names, which count as host names where there are no alternative names.
    pub(super) fn common_names(&self) -> Vec<&'a [u8]> {
        const COMMON_NAME: &[u8] = &[0x55, 0x04, 0x03];
        if self.alternative_names {
            return Vec::new();
        }
        let mut names = Vec::new();
        let mut sets = Der(self.subject);
        while let Some(set) = sets.next() {
            let mut pairs = Der(set.content);
            while let Some(pair) = pairs.next() {
                let mut pair = Der(pair.content);
                if pair.expect(0x06) == Some(COMMON_NAME)
                    && let Some(value) = pair.next()
                {
                    names.push(value.content);
                }
            }
        }
        names
    }
}

fn has_alternative_names(extensions: &[u8]) -> Option<bool> {
    const SUBJECT_ALT_NAME: &[u8] = &[0x55, 0x1d, 0x11];
    let mut list = Der(Der(extensions).expect(0x30)?);
    while let Some(extension) = list.next() {
        if Der(extension.content).expect(0x06) == Some(SUBJECT_ALT_NAME) {
            return Some(true);
        }
    }
    Some(false)
}

/// What is left of a sequence.
struct Der<'a>(&'a [u8]);

struct Item<'a> {
    tag: u8,
    content: &'a [u8],
    whole: &'a [u8],
}

impl<'a> Der<'a> {
    fn peek(&self) -> Option<u8> {
        self.0.first().copied()
    }

    fn expect(&mut self, tag: u8) -> Option<&'a [u8]> {
        let item = self.next()?;
        (item.tag == tag).then_some(item.content)
    }

    fn next(&mut self) -> Option<Item<'a>> {
        let (&tag, rest) = self.0.split_first()?;
        let (&first, rest) = rest.split_first()?;
        let (length, rest) = if first < 0x80 {
            (usize::from(first), rest)
        } else {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            if bytes.is_empty() || bytes.len() > 4 {
                return None;
            }
            (bytes.iter().fold(0, |all, byte| all << 8 | usize::from(*byte)), rest)
        };
        let (content, after) = rest.split_at_checked(length)?;
        let whole = &self.0[..self.0.len() - after.len()];
        self.0 = after;
        Some(Item { tag, content, whole })
    }
}

/// `YYMMDDhhmmssZ` or `YYYYMMDDhhmmssZ` as seconds since 1970.
fn time(item: Item<'_>) -> Option<i64> {
    let text = std::str::from_utf8(item.content).ok()?.strip_suffix('Z')?;
    let number = |from: usize, to: usize| text.get(from..to)?.parse::<i64>().ok();
    let (year, at) = match item.tag {
        0x17 => (number(0, 2).map(|year| if year < 50 { 2000 + year } else { 1900 + year })?, 2),
        0x18 => (number(0, 4)?, 4),
        _ => return None,
    };
    let (month, day) = (number(at, at + 2)?, number(at + 2, at + 4)?);
    let (hour, minute, second) = (number(at + 4, at + 6)?, number(at + 6, at + 8)?, number(at + 8, at + 10)?);
    // days since 1970 in years that begin in March, so that the leap day is the last
    let year = if month <= 2 { year - 1 } else { year };
    let days = 365 * year + year / 4 - year / 100 + year / 400 + (153 * ((month + 9) % 12) + 2) / 5 + day - 1 - 719_468;
    Some(days * 86_400 + hour * 3600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds() {
        let at = |tag, text: &str| time(Item { tag, content: text.as_bytes(), whole: &[] });
        assert_eq!(at(0x17, "700101000000Z"), Some(0));
        assert_eq!(at(0x17, "240229235959Z"), Some(1_709_251_199));
        assert_eq!(at(0x18, "21191223030636Z"), Some(4_732_743_996));
        assert_eq!(at(0x17, "7001010000"), None);
    }

    #[test]
    fn rubbish_is_no_certificate() {
        for bytes in [&[][..], &[0x30], &[0x30, 0x84, 255, 255, 255, 255], &[0x30, 0x80], &[0x30, 3, 0x30, 1, 2]] {
            assert!(Parts::of(bytes).is_none());
        }
    }
}
