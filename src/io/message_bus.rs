//! Messages of any length over datagram sockets.
//!
//! A message is cut into frames that a socket takes whole; each says who sends, how long the message is, and carries the next
//! part. Datagrams of one sender stay in order, so its frames do; those of several senders may come mixed.

use std::collections::HashMap;

/// Bytes before the part of the message: sender, number of the message, its length.
const HEAD: usize = 4 + 8 + 8;

/// Longest frame. Datagrams of this length need no large contiguous memory in the kernel.
const FRAME: usize = 60 << 10;

/// Cuts messages into frames.
#[derive(Debug)]
pub struct Sender {
    id: u32,
    last: u64,
}

impl Sender {
    /// A sender with a number of its own, such as its process's.
    pub const fn new(id: u32) -> Self {
        Self { id, last: 0 }
    }

    /// The frames of a message, to be sent in this order.
    pub fn frames(&mut self, message: &[u8]) -> Vec<Vec<u8>> {
        self.last += 1;
        let head = |part: &[u8]| {
            let mut frame = Vec::with_capacity(HEAD + part.len());
            frame.extend_from_slice(&self.id.to_ne_bytes());
            frame.extend_from_slice(&self.last.to_ne_bytes());
            frame.extend_from_slice(&(message.len() as u64).to_ne_bytes());
            frame.extend_from_slice(part);
            frame
        };
        if message.is_empty() {
            return vec![head(&[])];
        }
        message.chunks(FRAME - HEAD).map(head).collect()
    }
}

/// A message of which some frames are missing.
struct Partial {
    number: u64,
    length: usize,
    data: Vec<u8>,
}

/// Puts messages together again.
#[derive(Default)]
pub struct Receiver {
    /// By sender; one that died half-way leaves at most one.
    partial: HashMap<u32, Partial>,
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*head)
}

impl Receiver {
    /// Takes the next frame; the message, when it was its last one. What is no frame is ignored.
    pub fn take(&mut self, mut frame: &[u8]) -> Option<Vec<u8>> {
        let sender = u32::from_ne_bytes(take(&mut frame)?);
        let number = u64::from_ne_bytes(take(&mut frame)?);
        let length = usize::try_from(u64::from_ne_bytes(take(&mut frame)?)).ok()?;
        let partial = self.partial.entry(sender).or_insert_with(|| Partial { number, length, data: Vec::new() });
        if partial.number != number {
            *partial = Partial { number, length, data: Vec::new() };
        }
        partial.data.extend_from_slice(frame);
        if partial.data.len() < partial.length {
            return None;
        }
        self.partial.remove(&sender).map(|partial| partial.data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_of_every_length_arrive() {
        let (mut sender, mut receiver) = (Sender::new(1), Receiver::default());
        for length in [0, 1, FRAME - HEAD, FRAME - HEAD + 1, 3 * FRAME, 1 << 20] {
            let message: Vec<u8> = (0..length).map(|index| index as u8).collect();
            let mut frames = sender.frames(&message).into_iter().peekable();
            while let Some(frame) = frames.next() {
                assert!(frame.len() <= FRAME);
                let whole = receiver.take(&frame);
                assert_eq!(whole.is_some(), frames.peek().is_none());
                assert!(whole.is_none_or(|whole| whole == message));
            }
        }
        assert!(receiver.partial.is_empty());
    }

    #[test]
    fn frames_of_several_senders_may_be_mixed() {
        let mut receiver = Receiver::default();
        let one = Sender::new(1).frames(&vec![1; 2 * FRAME]);
        let two = Sender::new(2).frames(&vec![2; 2 * FRAME]);
        let arrived: Vec<_> =
            one.iter().zip(&two).flat_map(|(one, two)| [one, two]).filter_map(|frame| receiver.take(frame)).collect();
        assert_eq!(arrived, [vec![1; 2 * FRAME], vec![2; 2 * FRAME]]);
    }

    #[test]
    fn half_a_message_and_nonsense_do_no_harm() {
        let (mut sender, mut receiver) = (Sender::new(1), Receiver::default());
        assert!(receiver.take(&sender.frames(&vec![1; 2 * FRAME])[0]).is_none());
        assert_eq!(receiver.take(&sender.frames(b"next")[0]), Some(b"next".to_vec()));
        assert!(receiver.take(b"short").is_none());
    }
}
