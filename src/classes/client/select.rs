//! `swoole_client_select()`: waits until one of several clients can be read, written or has lost its peer.

use crate::classes::{descriptor, errors};
use crate::zend::array::{Array, Key, try_each};
use crate::zend::call::{Call, Return, Thrown};
use ext_php_rs::types::Zval;
use std::io;
use std::os::fd::RawFd;

/// The arguments that are arrays, and what each waits for.
const SETS: [i16; 3] = [libc::POLLIN, libc::POLLOUT, libc::POLLHUP];

/// An element of an array that has a descriptor.
struct Entry {
    key: OwnedKey,
    value: Zval,
    /// Its place among the descriptors.
    place: usize,
}

enum OwnedKey {
    Number(i64),
    Text(Vec<u8>),
}

impl OwnedKey {
    fn view(&self) -> Key<'_> {
        match self {
            Self::Number(number) => Key::Number(*number),
            Self::Text(text) => Key::Text(text),
        }
    }
}

/// The elements of an argument; their descriptors join `polls`.
fn entries(call: &Call<'_>, index: usize, polls: &mut Vec<libc::pollfd>) -> Result<Option<Vec<Entry>>, Thrown> {
    if call.array_or_null_arg(index)?.is_none() {
        return Ok(None);
    }
    // Held once more: a warning may run PHP code that changes the variable.
    let held = call.value(index).map(Zval::shallow_clone).unwrap_or_default();
    let Some(table) = held.array() else { return Ok(None) };
    let mut list = Vec::new();
    try_each(table, |key, value| {
        let found = descriptor::of(value);
        if crate::zend::exception_pending() {
            return Err(Thrown);
        }
        if let Some(fd) = found {
            let key = match key {
                Key::Number(number) => OwnedKey::Number(number),
                Key::Text(text) => OwnedKey::Text(text.to_vec()),
            };
            list.push(Entry { key, value: value.shallow_clone(), place: place(polls, fd, SETS[index]) });
        }
        Ok(())
    })?;
    Ok(Some(list))
}

/// Adds events to wait for; returns the descriptor's place.
fn place(polls: &mut Vec<libc::pollfd>, fd: RawFd, events: i16) -> usize {
    if let Some(known) = polls.iter().position(|poll| poll.fd == fd) {
        polls[known].events |= events;
        return known;
    }
    polls.push(libc::pollfd { fd, events, revents: 0 });
    polls.len() - 1
}

/// Waits, at most this many seconds; a negative number is for ever. How many are ready.
fn wait(polls: &mut [libc::pollfd], seconds: f64) -> io::Result<usize> {
    let milliseconds = if seconds < 0.0 { -1 } else { (seconds * 1000.0) as i32 };
    loop {
        // SAFETY: structs of ours. Our own calls of `poll` are the system's: they block.
        let count = unsafe { libc::poll(polls.as_mut_ptr(), polls.len() as libc::nfds_t, milliseconds) };
        match usize::try_from(count) {
            Ok(count) => return Ok(count),
            Err(_) => {
                let error = io::Error::last_os_error();
                if error.kind() != io::ErrorKind::Interrupted {
                    return Err(error);
                }
            }
        }
    }
}

/// `swoole_client_select(?array &$read, ?array &$write, ?array &$except, ?float $timeout = 0.5): int|false`
pub fn swoole_client_select(call: &mut Call<'_>) -> Return {
    let seconds = call.optional(3, 0.5, Call::double_arg)?;
    let mut polls = Vec::new();
    let mut sets = Vec::new();
    for index in 0..SETS.len() {
        sets.push(entries(call, index, &mut polls)?);
    }
    if polls.is_empty() {
        errors::warn("no resource arrays were passed to select");
        return call.return_bool(false);
    }
    let count = match wait(&mut polls, seconds) {
        Ok(count) => count,
        Err(error) => {
            errors::warn_of_system("unable to poll()", &error);
            return call.return_bool(false);
        }
    };
    for (index, set) in sets.into_iter().enumerate() {
        // An empty array stays as it is.
        let Some(set) = set.filter(|set| !set.is_empty()) else { continue };
        let mut ready = Array::new();
        for entry in set {
            if polls[entry.place].revents & SETS[index] != 0 {
                ready.insert(entry.key.view(), entry.value);
            }
        }
        call.assign(index, ready.into());
    }
    call.return_long(count as i64)
}
