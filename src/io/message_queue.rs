//! System V message queues.

use std::io;

/// Longest message that Swoole's API handles, in bytes.
pub const LONGEST: usize = 65_536;

/// An open queue. Only a queue of key 0, which nobody else can open, goes away with it.
#[derive(Debug)]
pub struct MessageQueue {
    id: libc::c_int,
    private: bool,
    waits: bool,
}

/// What the system keeps of a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// Messages in it.
    pub messages: u64,
    /// Bytes in it.
    pub bytes: u64,
}

/// The layout of a message in the system's calls.
#[repr(C)]
struct Message {
    kind: libc::c_long,
    data: [u8; LONGEST],
}

fn checked(result: libc::c_int) -> io::Result<libc::c_int> {
    if result < 0 { Err(io::Error::last_os_error()) } else { Ok(result) }
}

/// The key that belongs to a file.
pub fn key_of(path: &std::ffi::CStr) -> libc::key_t {
    // SAFETY: a C string; any answer is a key.
    unsafe { libc::ftok(path.as_ptr(), 1) }
}

impl MessageQueue {
    /// Opens the queue of `key`, making it when there is none.
    ///
    /// # Errors
    /// No permission, or no room for another queue.
    pub fn open(key: libc::key_t, waits: bool) -> io::Result<Self> {
        // SAFETY: numbers only.
        let id = checked(unsafe { libc::msgget(key, libc::IPC_CREAT | 0o666) })?;
        Ok(Self { id, private: key == libc::IPC_PRIVATE, waits })
    }

    /// It does not go away with this value.
    pub fn keep(&mut self) {
        self.private = false;
    }

    /// The system's number of the queue.
    pub fn id(&self) -> i32 {
        self.id
    }

    fn flags(&self) -> libc::c_int {
        if self.waits { 0 } else { libc::IPC_NOWAIT }
    }

    /// Adds a message of `kind` (at least 1). A signal does not end the wait.
    ///
    /// # Errors
    /// `EAGAIN` when it is full and does not wait; `EINVAL` for what no queue takes.
    pub fn push(&self, kind: libc::c_long, data: &[u8]) -> io::Result<()> {
        if data.len() > LONGEST {
            return Err(io::Error::from_raw_os_error(libc::EINVAL));
        }
        let mut message = room();
        message.kind = kind;
        message.data[..data.len()].copy_from_slice(data);
        loop {
            // SAFETY: the message is live and holds `data.len()` bytes.
            let sent = unsafe { libc::msgsnd(self.id, (&raw const *message).cast(), data.len(), self.flags()) };
            match checked(sent) {
                Ok(_) => return Ok(()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Takes the first message of `kind`, or of any kind for 0.
    ///
    /// # Errors
    /// `ENOMSG` when there is none and it does not wait; `E2BIG` when the message is longer than `longest`; `EINTR` after a signal.
    pub fn pop(&self, kind: libc::c_long, longest: usize) -> io::Result<Vec<u8>> {
        let mut message = room();
        let longest = longest.min(LONGEST);
        // SAFETY: the message has room for `longest` bytes.
        let count = unsafe { libc::msgrcv(self.id, (&raw mut *message).cast(), longest, kind, self.flags()) };
        match usize::try_from(count) {
            Ok(count) => Ok(message.data[..count].to_vec()),
            Err(_) => Err(io::Error::last_os_error()),
        }
    }

    fn state(&self) -> io::Result<libc::msqid_ds> {
        // SAFETY: a C struct of numbers that the system fills.
        let mut state = unsafe { std::mem::zeroed() };
        // SAFETY: as above.
        checked(unsafe { libc::msgctl(self.id, libc::IPC_STAT, &mut state) })?;
        Ok(state)
    }

    /// How full it is.
    ///
    /// # Errors
    /// The queue was removed.
    pub fn level(&self) -> io::Result<Level> {
        let state = self.state()?;
        Ok(Level { messages: state.msg_qnum, bytes: state.__msg_cbytes })
    }

    /// Limits the bytes that it holds.
    ///
    /// # Errors
    /// More than the system allows.
    pub fn set_capacity(&self, bytes: u64) -> io::Result<()> {
        let mut state = self.state()?;
        state.msg_qbytes = bytes;
        // SAFETY: the state is live.
        checked(unsafe { libc::msgctl(self.id, libc::IPC_SET, &mut state) }).map(drop)
    }

    /// Removes the queue from the system; whoever waits in it gets an error.
    ///
    /// # Errors
    /// It was removed already.
    pub fn remove(&self) -> io::Result<()> {
        // SAFETY: the argument is not used for IPC_RMID.
        checked(unsafe { libc::msgctl(self.id, libc::IPC_RMID, std::ptr::null_mut()) }).map(drop)
    }
}

impl Drop for MessageQueue {
    fn drop(&mut self) {
        if self.private {
            // It may be gone already.
            let _ = self.remove();
        }
    }
}

fn room() -> Box<Message> {
    Box::new(Message { kind: 0, data: [0; LONGEST] })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code<T>(result: io::Result<T>) -> Option<i32> {
        result.err().and_then(|error| error.raw_os_error())
    }

    #[test]
    fn messages_come_in_order_and_by_kind() -> io::Result<()> {
        let queue = MessageQueue::open(libc::IPC_PRIVATE, false)?;
        queue.push(1, b"one")?;
        queue.push(2, b"two")?;
        queue.push(1, b"three")?;
        assert_eq!(queue.level()?, Level { messages: 3, bytes: 11 });
        assert_eq!(queue.pop(2, LONGEST)?, b"two");
        assert_eq!(queue.pop(0, LONGEST)?, b"one");
        assert_eq!(code(queue.pop(1, 3)), Some(libc::E2BIG));
        assert_eq!(queue.pop(1, LONGEST)?, b"three");
        assert_eq!(code(queue.pop(0, LONGEST)), Some(libc::ENOMSG));
        Ok(())
    }

    #[test]
    fn a_full_queue_refuses() -> io::Result<()> {
        let queue = MessageQueue::open(libc::IPC_PRIVATE, false)?;
        queue.set_capacity(10)?;
        queue.push(1, b"12345678")?;
        assert_eq!(code(queue.push(1, b"12345678")), Some(libc::EAGAIN));
        assert_eq!(code(queue.push(1, &vec![0; LONGEST + 1])), Some(libc::EINVAL));
        Ok(())
    }

    #[test]
    fn a_private_queue_ends_with_its_owner() -> io::Result<()> {
        let queue = MessageQueue::open(libc::IPC_PRIVATE, false)?;
        let other = MessageQueue { id: queue.id(), private: false, waits: false };
        drop(queue);
        assert!(other.level().is_err());
        Ok(())
    }
}
