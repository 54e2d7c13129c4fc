//! The head of a request, which nobody can break out of.

/// A part of a request has bytes that would end its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unsafe;

/// The bytes of a request's head.
#[derive(Debug, Default)]
pub struct RequestHead {
    bytes: Vec<u8>,
}

fn in_line(text: &[u8]) -> Result<&[u8], Unsafe> {
    // Without a way out in the middle the compiler takes many bytes at a time.
    let ends = text.iter().fold(false, |ends, byte| ends | matches!(byte, b'\r' | b'\n' | 0));
    if ends { Err(Unsafe) } else { Ok(text) }
}

impl RequestHead {
    /// A request with `method` for `target`. A blank in the target, or another byte that would end it, is written as `%20` and so on.
    ///
    /// # Errors
    /// The method is no word.
    pub fn new(method: &[u8], target: &[u8]) -> Result<Self, Unsafe> {
        if method.is_empty() || !method.iter().all(|byte| byte.is_ascii_graphic()) {
            return Err(Unsafe);
        }
        let mut bytes = Vec::with_capacity(512);
        bytes.extend_from_slice(method);
        bytes.push(b' ');
        for byte in target {
            match byte {
                0..=b' ' | 0x7f => bytes.extend_from_slice(format!("%{byte:02X}").as_bytes()),
                _ => bytes.push(*byte),
            }
        }
        bytes.extend_from_slice(b" HTTP/1.1\r\n");
        Ok(Self { bytes })
    }

    /// Adds a header line.
    ///
    /// # Errors
    /// The name is no name, or the value would end its line.
    pub fn line(&mut self, name: &[u8], value: &[u8]) -> Result<(), Unsafe> {
        let fine = name.iter().fold(true, |fine, byte| fine & byte.is_ascii_graphic() & (*byte != b':'));
        if name.is_empty() || !fine {
            return Err(Unsafe);
        }
        let value = in_line(value)?;
        self.bytes.extend_from_slice(name);
        self.bytes.extend_from_slice(b": ");
        self.bytes.extend_from_slice(value);
        self.bytes.extend_from_slice(b"\r\n");
        Ok(())
    }

    /// Ends the head; what is added to the bytes is the body.
    pub fn end(mut self) -> Vec<u8> {
        self.bytes.extend_from_slice(b"\r\n");
        self.bytes
    }
}
