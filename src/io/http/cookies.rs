//! `Cookie` header lines (RFC 6265, 5.4), over bytes.

/// Names and values of a line, as they are written. What has no name is left out; what has no `=` has an empty value.
pub fn pairs(line: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    line.split(|byte| *byte == b';').filter_map(|pair| {
        let (name, value) = match memchr::memchr(b'=', pair) {
            Some(at) => (&pair[..at], &pair[at + 1..]),
            None => (pair, &[][..]),
        };
        let name = name.trim_ascii_start();
        (!name.is_empty()).then_some((name, value))
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_and_values() {
        let shown = |line: &str| -> Vec<String> {
            super::pairs(line.as_bytes())
                .map(|(name, value)| format!("{}|{}", String::from_utf8_lossy(name), String::from_utf8_lossy(value)))
                .collect()
        };
        assert_eq!(shown("a=1; b=2=3;c;; =x; d="), ["a|1", "b|2=3", "c|", "d|"]);
        assert!(shown("").is_empty());
    }
}
