//! Forms with files, as `multipart/form-data`.

use crate::io::dns::random;

/// Where the content of a part comes from.
#[derive(Debug)]
pub enum Content {
    /// It is here.
    Memory(Vec<u8>),
    /// It is in a file.
    File {
        /// The file.
        path: Vec<u8>,
        /// Where in it the content begins.
        offset: u64,
        /// How long it is.
        length: u64,
    },
}

impl Content {
    fn length(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File { length, .. } => *length,
        }
    }
}

/// A form that is being put together.
#[derive(Debug)]
pub struct Form {
    boundary: String,
    /// What is sent: heads of parts and short contents, and files between them.
    pieces: Vec<Content>,
}

/// What a name may not hold is written as browsers do.
fn quoted(name: &[u8], out: &mut Vec<u8>) {
    for byte in name {
        match byte {
            b'"' => out.extend_from_slice(b"%22"),
            b'\r' => out.extend_from_slice(b"%0D"),
            b'\n' => out.extend_from_slice(b"%0A"),
            _ => out.push(*byte),
        }
    }
}

impl Default for Form {
    fn default() -> Self {
        Self::new()
    }
}

impl Form {
    /// An empty form, with a boundary that no content knows.
    pub fn new() -> Self {
        Self { boundary: format!("----SwooleBoundary{:016x}{:04x}", random(), random() as u16), pieces: Vec::new() }
    }

    /// The value of the header `Content-Type`.
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    fn memory(&mut self) -> &mut Vec<u8> {
        if !matches!(self.pieces.last(), Some(Content::Memory(_))) {
            self.pieces.push(Content::Memory(Vec::new()));
        }
        match self.pieces.last_mut() {
            Some(Content::Memory(bytes)) => bytes,
            _ => unreachable!("pushed above"),
        }
    }

    fn open(&mut self, name: &[u8]) {
        let line = format!("--{}\r\nContent-Disposition: form-data; name=\"", self.boundary);
        let bytes = self.memory();
        bytes.extend_from_slice(line.as_bytes());
        quoted(name, bytes);
        bytes.push(b'"');
    }

    /// Adds a field.
    pub fn field(&mut self, name: &[u8], value: &[u8]) {
        self.open(name);
        let bytes = self.memory();
        bytes.extend_from_slice(b"\r\n\r\n");
        bytes.extend_from_slice(value);
        bytes.extend_from_slice(b"\r\n");
    }

    /// Adds a file.
    pub fn file(&mut self, name: &[u8], filename: &[u8], media_type: &[u8], content: Content) {
        self.open(name);
        let bytes = self.memory();
        bytes.extend_from_slice(b"; filename=\"");
        quoted(filename, bytes);
        bytes.extend_from_slice(b"\"\r\nContent-Type: ");
        bytes.extend(media_type.iter().filter(|byte| !matches!(byte, b'\r' | b'\n')));
        bytes.extend_from_slice(b"\r\n\r\n");
        match content {
            Content::Memory(content) => bytes.extend_from_slice(&content),
            file => self.pieces.push(file),
        }
        self.memory().extend_from_slice(b"\r\n");
    }

    /// What is sent, in this order.
    pub fn finish(mut self) -> Vec<Content> {
        let line = format!("--{}--\r\n", self.boundary);
        self.memory().extend_from_slice(line.as_bytes());
        self.pieces
    }
}

/// How long these pieces are together.
pub fn length(pieces: &[Content]) -> u64 {
    pieces.iter().map(Content::length).sum()
}
