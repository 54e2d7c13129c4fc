//! Masks of payloads (RFC 6455, 5.3).

/// Payloads from here on are worth looking for wider registers.
#[cfg(target_arch = "x86_64")]
const LONG: usize = 512;

/// Masks, or unmasks: it is the same. Whether what comes out is ASCII.
pub(super) fn mask(bytes: &mut [u8], key: [u8; 4]) -> bool {
    #[cfg(target_arch = "x86_64")]
    if bytes.len() >= LONG && std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has what the function is compiled for.
        return unsafe { with_avx2(bytes, key) };
    }
    in_words(bytes, key)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn with_avx2(bytes: &mut [u8], key: [u8; 4]) -> bool {
    in_words(bytes, key)
}

#[inline(always)]
fn in_words(bytes: &mut [u8], key: [u8; 4]) -> bool {
    const HIGHEST: u64 = u64::from_ne_bytes([0x80; 8]);
    let wide = u64::from_ne_bytes([key[0], key[1], key[2], key[3], key[0], key[1], key[2], key[3]]);
    let mut seen = 0;
    let (words, rest) = bytes.as_chunks_mut::<8>();
    for word in words {
        let masked = u64::from_ne_bytes(*word) ^ wide;
        seen |= masked;
        *word = masked.to_ne_bytes();
    }
    for (byte, key) in rest.iter_mut().zip(key.iter().cycle()) {
        *byte ^= key;
        seen |= u64::from(*byte);
    }
    seen & HIGHEST == 0
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn every_length_comes_back_and_is_told_from_ascii() {
        let key = [0x37, 0xfa, 0x21, 0x3d];
        for length in (0..70).chain([511, 512, 513, 4097]) {
            let text = vec![b'x'; length];
            let mut bytes = text.clone();
            mask(&mut bytes, key);
            assert!(bytes.iter().zip(key.iter().cycle()).all(|(byte, key)| byte ^ key == b'x'), "{length}");
            assert!(mask(&mut bytes, key), "{length}");
            assert_eq!(bytes, text);
            for place in [0, length / 2, length.saturating_sub(1)] {
                let mut bytes = text.clone();
                let Some(byte) = bytes.get_mut(place) else { continue };
                *byte = 0xc3;
                mask(&mut bytes, key);
                assert!(!mask(&mut bytes, key), "{length} {place}");
                assert_eq!(bytes[place], 0xc3);
            }
        }
    }
}
