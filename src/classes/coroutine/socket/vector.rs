//! Several parts in one call: `readVector()` and `writeVector()`.

use super::core::{Core, Failed, Limit, Outcome};
use super::{done, opened};
use crate::classes::ce;
use crate::io::readiness::Direction::Write;
use crate::io::socket::MOST_PARTS;
use crate::zend;
use crate::zend::array::{self, Array};
use crate::zend::call::{Call, Return, Thrown};
use ext_php_rs::types::{ZendHashTable, Zval};
use std::io::IoSlice;

/// Throws what is wrong with part number `index`.
fn refuse<T>(index: usize, what: &str) -> Result<T, Thrown> {
    zend::throw(ce::swoole_coroutine_socket_exception(), &format!("Item #[{index}] {what}"), libc::EINVAL.into())
}

/// The name of a value's type, in Swoole's words.
fn type_of(value: &Zval) -> &'static str {
    if value.is_object() {
        "object"
    } else if value.is_double() {
        "float"
    } else {
        zend::type_name(value)
    }
}

/// Whether there are not too many parts.
fn check_count(core: &Core, parts: &ZendHashTable) -> bool {
    let fits = parts.len() <= MOST_PARTS;
    if !fits {
        let _ = core.fail_with::<()>(libc::EINVAL, format!("The maximum of iov count is {MOST_PARTS}"));
    }
    fits
}

fn lengths(parts: &ZendHashTable) -> Result<Vec<usize>, Thrown> {
    let mut lengths = Vec::with_capacity(parts.len());
    array::try_each(parts, |_, value| {
        let index = lengths.len();
        let Some(length) = value.long() else {
            return refuse(index, &format!("must be of type int, {} given", type_of(value)));
        };
        match usize::try_from(length) {
            Ok(length) => lengths.push(length),
            Err(_) => return refuse(index, "must be greater than 0"),
        }
        Ok(())
    })?;
    Ok(lengths)
}

fn texts(parts: &ZendHashTable) -> Result<Vec<&[u8]>, Thrown> {
    let mut texts = Vec::with_capacity(parts.len());
    array::try_each(parts, |_, value| {
        let index = texts.len();
        let Some(text) = value.zend_str() else {
            return refuse(index, &format!("must be of type string, {} given", type_of(value)));
        };
        if text.as_bytes().is_empty() {
            return refuse(index, "cannot be empty string");
        }
        // SAFETY: the array, an argument of the call, keeps its strings; they are only read.
        texts.push(unsafe { &*std::ptr::from_ref(text.as_bytes()) });
        Ok(())
    })?;
    Ok(texts)
}

/// The first `count` bytes of all parts are done: what is left of `parts`.
fn rest<'a>(parts: &[&'a [u8]], mut count: usize) -> Vec<IoSlice<'a>> {
    let mut left = Vec::with_capacity(parts.len().min(MOST_PARTS));
    for part in parts {
        let skipped = count.min(part.len());
        count -= skipped;
        if skipped < part.len() && left.len() < MOST_PARTS {
            left.push(IoSlice::new(&part[skipped..]));
        }
    }
    left
}

impl Core {
    /// Sends parts; all of them, or as much as the socket takes in one go.
    fn send_vector(&self, parts: &[&[u8]], seconds: f64, all: bool) -> Outcome<usize> {
        self.available(&[Write])?;
        let total: usize = parts.iter().map(|part| part.len()).sum();
        let mut limit = Limit::new(self.write_limit(seconds));
        let mut sent = 0;
        loop {
            let left = rest(parts, sent);
            match self.until_done(Write, &mut limit, || self.attempt_send_parts(&left)) {
                Ok(count) => sent += count,
                Err(Failed) if sent == 0 => return Err(Failed),
                Err(Failed) => return Ok(sent),
            }
            if !all || sent >= total {
                self.flush_tls(&mut limit)?;
                return Ok(sent);
            }
        }
    }

    /// Receives into parts of these lengths; into all of them, or what is there.
    fn receive_vector(&self, lengths: &[usize], seconds: f64, all: bool) -> Outcome<Vec<u8>> {
        let total = lengths.iter().fold(0_usize, |sum, length| sum.saturating_add(*length));
        if all {
            return self.receive_all(total, seconds);
        }
        // One room in a row is as good to the kernel as several.
        self.receive(total, seconds, <[u8]>::to_vec)
    }
}

fn read(call: &mut Call<'_>, all: bool) -> Return {
    let parts = call.array_arg(0)?;
    let seconds = call.optional(1, 0.0, Call::double_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    if !check_count(&core, parts) {
        return done(call, &core, None);
    }
    let lengths = match lengths(parts) {
        Ok(lengths) => lengths,
        Err(Thrown) => {
            super::show_error(call, &core);
            return Err(Thrown);
        }
    };
    let Ok(bytes) = core.receive_vector(&lengths, seconds, all) else { return done(call, &core, None) };
    let mut made = Array::new();
    let mut left = &bytes[..];
    for length in lengths {
        if left.is_empty() {
            break;
        }
        let (part, after) = left.split_at(length.min(left.len()));
        made.push(zend::string(part));
        left = after;
    }
    done(call, &core, Some(made.into()))
}

fn write(call: &mut Call<'_>, all: bool) -> Return {
    let parts = call.array_arg(0)?;
    let seconds = call.optional(1, 0.0, Call::double_arg)?;
    let Some(core) = opened(call)? else { return Ok(()) };
    if !check_count(&core, parts) {
        return done(call, &core, None);
    }
    let texts = match texts(parts) {
        Ok(texts) => texts,
        Err(Thrown) => {
            super::show_error(call, &core);
            return Err(Thrown);
        }
    };
    let sent = core.send_vector(&texts, seconds, all).ok();
    done(call, &core, sent.map(|count| zend::long(count as i64)))
}

/// `readVector(array $io_vector, float $timeout = 0): array|false`
pub fn read_vector(call: &mut Call<'_>) -> Return {
    read(call, false)
}

/// `readVectorAll(array $io_vector, float $timeout = 0): array|false`
pub fn read_vector_all(call: &mut Call<'_>) -> Return {
    read(call, true)
}

/// `writeVector(array $io_vector, float $timeout = 0): int|false`
pub fn write_vector(call: &mut Call<'_>) -> Return {
    write(call, false)
}

/// `writeVectorAll(array $io_vector, float $timeout = 0): int|false`
pub fn write_vector_all(call: &mut Call<'_>) -> Return {
    write(call, true)
}
