//! What a connection that the loop serves could not send at once.

use crate::io::client::{Blocking, Part, Secure};
use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::os::unix::fs::FileExt;

/// Bytes of a file that are read, or sent, at a time.
const CHUNK: usize = 65_536;

enum Piece {
    /// Bytes, and how many of them have been sent.
    Bytes(Vec<u8>, usize),
    File(Part),
}

/// Data that waits for room, in order.
#[derive(Default)]
pub(super) struct Output {
    pieces: VecDeque<Piece>,
    bytes: usize,
}

impl Output {
    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Bytes that wait, files not counted.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Adds data at the end.
    pub(super) fn push(&mut self, data: Vec<u8>) {
        if !data.is_empty() {
            self.bytes += data.len();
            self.pieces.push_back(Piece::Bytes(data, 0));
        }
    }

    /// Adds part of a file at the end.
    pub(super) fn push_file(&mut self, part: Part) {
        self.pieces.push_back(Piece::File(part));
    }

    /// Sends what the socket takes now.
    ///
    /// # Errors
    /// The connection is broken.
    pub(super) fn flush(&mut self, socket: &Blocking, tls: Option<&Secure>) -> io::Result<()> {
        let send = |data: &[u8]| match tls {
            Some(tls) => tls.send_some(socket, data),
            None => match socket.send_some(data, 0) {
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => Ok(0),
                sent => sent,
            },
        };
        if let Some(tls) = tls {
            tls.flush(socket)?;
        }
        while let Some(piece) = self.pieces.front_mut() {
            let (sent, over) = match piece {
                Piece::Bytes(data, from) => {
                    let sent = send(&data[*from..])?;
                    *from += sent;
                    self.bytes -= sent;
                    (sent, *from == data.len())
                }
                Piece::File(part) => {
                    let most = usize::try_from(part.length).unwrap_or(usize::MAX).min(CHUNK);
                    let mut buffer = vec![0; most];
                    let count = part.file.read_at(&mut buffer, part.offset)?;
                    // A file that has become shorter ends here.
                    let sent = send(&buffer[..count])?;
                    part.offset += sent as u64;
                    part.length -= sent as u64;
                    (sent, part.length == 0 || count == 0)
                }
            };
            if over {
                self.pieces.pop_front();
            } else if sent == 0 {
                break;
            }
        }
        if self.pieces.is_empty() {
            self.pieces.shrink_to(0);
        }
        Ok(())
    }
}
