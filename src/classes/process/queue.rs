//! The System V message queue of a process.

use super::{slot, this};
use crate::classes::errors;
use crate::io::message_queue::{self, LONGEST, MessageQueue};
use crate::log;
use crate::zend::array::Array;
use crate::zend::call::{Call, Return};
use crate::zend::{self, object};
use std::rc::Rc;

/// `SWOOLE_MSGQUEUE_BALANCE`.
const BALANCE: i64 = 2;
/// `Process::IPC_NOWAIT`.
const NO_WAIT: i64 = 256;

/// `useQueue(int $key = 0, int $mode = SWOOLE_MSGQUEUE_BALANCE, int $capacity = -1): bool`
pub fn use_queue(call: &mut Call<'_>) -> Return {
    let key = call.optional(0, 0, Call::long_arg)?;
    let mode = call.optional(1, BALANCE, Call::long_arg)?;
    let capacity = call.optional(2, -1, Call::long_arg)?;
    let process = this(call)?;
    let key = if key > 0 { key as libc::key_t } else { message_queue::key_of(&zend::executed_file()) };
    let queue = match MessageQueue::open(key, mode & NO_WAIT == 0) {
        Ok(queue) => queue,
        Err(error) => {
            log::system_warning("MsgQueue::MsgQueue()", "msgget() failed", error.raw_os_error().unwrap_or(0));
            return call.return_bool(false);
        }
    };
    if let Ok(bytes @ 1..) = u64::try_from(capacity)
        && let Err(error) = queue.set_capacity(bytes)
    {
        let what = format!("msgctl(msqid={}, IPC_SET, msg_qbytes={bytes}) failed", queue.id());
        log::system_warning("MsgQueue::set_capacity()", &what, error.raw_os_error().unwrap_or(0));
    }
    let id = queue.id();
    *process.queue.borrow_mut() = Some(Rc::new(queue));
    process.balanced.set(mode & !NO_WAIT == BALANCE);
    object::set_slot(call.this(), slot::MSG_QUEUE_ID, i64::from(id));
    object::set_slot(call.this(), slot::MSG_QUEUE_KEY, i64::from(key));
    call.return_bool(true)
}

/// `statQueue(): array|false`
pub fn stat_queue(call: &mut Call<'_>) -> Return {
    let queue = this(call)?.queue.borrow().clone();
    let Some(queue) = queue else {
        errors::warn("no queue, can't get stats of the queue");
        return call.return_bool(false);
    };
    let Ok(level) = queue.level() else { return call.return_bool(false) };
    let mut stats = Array::new();
    stats.set_long("queue_num", level.messages as i64);
    stats.set_long("queue_bytes", level.bytes as i64);
    call.return_value(stats.into())
}

/// `freeQueue(): bool`
pub fn free_queue(call: &mut Call<'_>) -> Return {
    let process = this(call)?;
    let queue = process.queue.borrow().clone();
    let Some(queue) = queue else { return call.return_bool(false) };
    if let Err(error) = queue.remove() {
        log::system_warning(
            "MsgQueue::destroy()",
            &format!("msgctl({}, IPC_RMID) failed", queue.id()),
            error.raw_os_error().unwrap_or(0),
        );
        return call.return_bool(false);
    }
    process.queue.take();
    call.return_bool(true)
}

/// `push(string $data): bool`
pub fn push(call: &mut Call<'_>) -> Return {
    let data = call.str_arg(0)?.as_bytes();
    if data.is_empty() {
        errors::warn("the data to push is empty");
        return call.return_bool(false);
    }
    if data.len() >= LONGEST {
        errors::warn("the data to push is too big");
        return call.return_bool(false);
    }
    let process = this(call)?;
    let queue = process.queue.borrow().clone();
    let Some(queue) = queue else {
        errors::warn("no msgqueue, cannot use push()");
        return call.return_bool(false);
    };
    let kind = process.id.get() + 1;
    match queue.push(kind, data) {
        Ok(()) => call.return_bool(true),
        Err(error) => {
            if error.raw_os_error() != Some(libc::EAGAIN) {
                let what = format!("msgsnd({}, {}, {kind}) failed", queue.id(), data.len());
                log::system_warning("MsgQueue::push()", &what, error.raw_os_error().unwrap_or(0));
            }
            errors::set_last(error.raw_os_error().unwrap_or(0));
            call.return_bool(false)
        }
    }
}

/// `pop(int $size = 65536): string|false`
pub fn pop(call: &mut Call<'_>) -> Return {
    let size = call.optional(0, LONGEST as i64, Call::long_arg)?;
    let size = usize::try_from(size).ok().filter(|size| (1..=LONGEST).contains(size)).unwrap_or(LONGEST);
    let process = this(call)?;
    let queue = process.queue.borrow().clone();
    let Some(queue) = queue else {
        errors::warn("no msgqueue, cannot use pop()");
        return call.return_bool(false);
    };
    let kind = if process.balanced.get() { 0 } else { process.id.get() + 1 };
    match queue.pop(kind, size) {
        Ok(data) => call.return_bytes(&data),
        Err(error) => {
            errors::set_last(error.raw_os_error().unwrap_or(0));
            if !matches!(error.raw_os_error(), Some(libc::ENOMSG | libc::EINTR)) {
                let what = format!("msgrcv({}, {size}, {kind}) failed", queue.id());
                log::system_warning("MsgQueue::pop()", &what, error.raw_os_error().unwrap_or(0));
            }
            call.return_bool(false)
        }
    }
}
