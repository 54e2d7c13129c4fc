//! Commands of Redis's protocol: arrays of strings, as clients send them.
//!
//! ```text
//!   *2\r\n $3\r\nGET\r\n $1\r\nk\r\n      a command of two elements; `$-1\r\n` is a null, `:5\r\n` a number
//! ```

use super::{Progress, Refusal, Step};

/// Bytes of a number's line with its mark and its end.
const LONGEST_LINE: usize = 24;
/// Bytes of the shortest element.
const SHORTEST_ELEMENT: usize = 4;

/// An element of a command.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Element<'a> {
    /// Nothing.
    Null,
    /// A number.
    Number(i64),
    /// A string of any bytes.
    Text(&'a [u8]),
}

/// What a line, an element or a command's beginning is.
enum Found<T> {
    /// This, and the bytes that it takes.
    Whole(T, usize),
    /// Some that lacks at least so many bytes.
    Part(usize),
}

/// The number in the line at the start of `bytes`, after its first byte.
fn number(bytes: &[u8]) -> Result<Found<i64>, Refusal> {
    let line = &bytes[..bytes.len().min(LONGEST_LINE)];
    let Some(end) = line.windows(2).position(|pair| pair == b"\r\n") else {
        return if line.len() < LONGEST_LINE { Ok(Found::Part(1)) } else { Err(Refusal::NotRedis) };
    };
    let digits = line.get(1..end).and_then(|digits| std::str::from_utf8(digits).ok());
    match digits.and_then(|digits| digits.parse().ok()) {
        Some(number) => Ok(Found::Whole(number, end + 2)),
        None => Err(Refusal::NotRedis),
    }
}

/// The element at the start of `bytes`, of a command that may still have `room` bytes.
fn element(bytes: &[u8], room: usize) -> Result<Found<Element<'_>>, Refusal> {
    let mark = match bytes.first() {
        None => return Ok(Found::Part(SHORTEST_ELEMENT)),
        Some(mark @ (b'$' | b':')) => *mark,
        Some(_) => return Err(Refusal::NotRedis),
    };
    let (number, head) = match number(bytes)? {
        Found::Whole(number, head) => (number, head),
        Found::Part(missing) => return Ok(Found::Part(missing)),
    };
    if mark == b':' {
        return Ok(Found::Whole(Element::Number(number), head));
    }
    let length = match usize::try_from(number) {
        Ok(length) => length,
        Err(_) if number == -1 => return Ok(Found::Whole(Element::Null, head)),
        Err(_) => return Err(Refusal::NotRedis),
    };
    let end = length.saturating_add(head + 2);
    if end > room {
        return Err(Refusal::CommandTooLong { length: end });
    }
    match bytes.get(head..end) {
        None => Ok(Found::Part(end - bytes.len())),
        Some(text) => match text.strip_suffix(b"\r\n") {
            Some(text) => Ok(Found::Whole(Element::Text(text), end)),
            None => Err(Refusal::NotRedis),
        },
    }
}

/// Where the command at the start of `bytes` ends; goes on where it was when more has come.
pub(super) fn step(bytes: &[u8], max: usize, progress: &mut Progress) -> Result<Step, Refusal> {
    if progress.at == 0 {
        match bytes.first() {
            None => return Ok(Step::More(1)),
            Some(b'*') => {}
            Some(_) => return Err(Refusal::NotRedis),
        }
        let (count, head) = match number(bytes)? {
            Found::Whole(count, head) => (usize::try_from(count).unwrap_or(0), head),
            Found::Part(missing) => return Ok(Step::More(missing)),
        };
        let least = count.saturating_mul(SHORTEST_ELEMENT).saturating_add(head);
        if least > max {
            return Err(Refusal::CommandTooLong { length: least });
        }
        *progress = Progress { at: head, left: count };
    }
    while progress.left > 0 {
        let rest = bytes.get(progress.at..).unwrap_or_default();
        let element = element(rest, max.saturating_sub(progress.at)).map_err(|refusal| match refusal {
            Refusal::CommandTooLong { length } => {
                Refusal::CommandTooLong { length: length.saturating_add(progress.at) }
            }
            other => other,
        });
        match element? {
            Found::Whole(_, length) => {
                progress.at += length;
                progress.left -= 1;
            }
            Found::Part(missing) => return Ok(Step::More(missing)),
        }
        if progress.at > max {
            return Err(Refusal::CommandTooLong { length: progress.at });
        }
    }
    Ok(Step::Packet(std::mem::take(progress).at))
}

/// The elements of a whole command; nothing of one that is broken.
pub fn elements(command: &[u8]) -> Vec<Element<'_>> {
    let mut all = Vec::new();
    let Ok(Found::Whole(count, mut at)) = number(command) else { return all };
    for _ in 0..count.max(0) {
        match element(&command[at..], usize::MAX) {
            Ok(Found::Whole(element, length)) => {
                all.push(element);
                at += length;
            }
            _ => return Vec::new(),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::{Framer, Framing};
    use super::*;

    /// The commands of a stream that comes in pieces of `size` bytes.
    fn commands(stream: &[u8], size: usize, max: usize) -> Result<Vec<Vec<u8>>, Refusal> {
        let mut framer = Framer::new(Framing::redis(max));
        let mut all = Vec::new();
        for chunk in stream.chunks(size) {
            framer.push(chunk, |command| {
                all.push(command.to_vec());
                true
            })?;
        }
        Ok(all)
    }

    #[test]
    fn commands_end_where_they_say_however_they_come() {
        let parts: [&[u8]; 4] = [
            b"*2\r\n$3\r\nGET\r\n$4\r\n\r\n*1\r\n",
            b"*0\r\n",
            b"*4\r\n$1\r\na\r\n$-1\r\n:-5\r\n$0\r\n\r\n",
            b"*1\r\n$4\r\nPING\r\n",
        ];
        for size in 1..40 {
            let got = commands(&parts.concat(), size, 1000).expect("commands");
            assert_eq!(got, parts.map(<[u8]>::to_vec), "in pieces of {size}");
        }
        assert_eq!(elements(parts[2]), [Element::Text(b"a"), Element::Null, Element::Number(-5), Element::Text(b"")]);
        assert_eq!(elements(parts[0]), [Element::Text(b"GET"), Element::Text(b"\r\n*1")]);
        assert_eq!(elements(b"*2\r\n$1\r\na\r\n"), []);
    }

    #[test]
    fn what_is_no_command_is_refused() {
        let cases: [&[u8]; 9] = [
            b"PING\r\n",
            b"*x\r\n",
            b"*1\r\n+a\r\n",
            b"*1\r\n$\r\n",
            b"*1\r\n$-2\r\n",
            b"*1\r\n$1\r\nabc",
            b"*99999999999999999999\r\n",
            b"*111111111111111111111111",
            b"*1\r\n$ 1\r\na\r\n",
        ];
        for case in cases {
            assert_eq!(commands(case, 5, 1000), Err(Refusal::NotRedis), "{}", String::from_utf8_lossy(case));
        }
    }

    #[test]
    fn what_is_too_long_is_refused_before_it_comes() {
        for case in [&b"*1\r\n$100\r\n"[..], b"*1000000000\r\n", b"*1\r\n$9223372036854775807\r\n"] {
            let refused = commands(case, 64, 100);
            assert!(matches!(refused, Err(Refusal::CommandTooLong { .. })), "{refused:?}");
        }
        let nulls = [&b"*20\r\n"[..], &b"$-1\r\n".repeat(20)].concat();
        assert!(matches!(commands(&nulls, 7, 100), Err(Refusal::CommandTooLong { .. })));
        assert_eq!(commands(&nulls, 7, 105).map(|all| all.len()), Ok(1));
    }
}
