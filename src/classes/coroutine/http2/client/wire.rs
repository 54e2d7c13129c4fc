//! Sending and receiving.
//!
//! Everything that is to be sent waits in the connection's output, in its order. Whoever finds nobody sending sends it all; who finds somebody
//! leaves it to them.

use super::{Client, refuse, seconds, set_error};
use crate::classes::coroutine::http::client::link::{Stop, number};
use crate::classes::coroutine::http::client::send::Deadline;
use crate::classes::coroutine::timeout;
use crate::classes::{self, constants};
use crate::coroutine::{Canceled, engine};
use crate::io::http2_client::Flow;
use crate::io::readiness::Direction;
use ext_php_rs::types::ZendObject;

/// How much is put together before it is sent.
const PIECE: usize = 256 << 10;

fn write_deadline(this: &ZendObject) -> Deadline {
    Deadline::after(timeout(match seconds(this, &["write_timeout", "timeout"]) {
        0.0 => classes::settings::with(|settings| settings.socket_write_timeout),
        seconds => seconds,
    }))
}

/// Says why, and gives the connection up.
fn lose<T>(client: &Client, this: &mut ZendObject, code: i32) -> Result<T, Stop> {
    client.close(this);
    refuse(this, code, None)
}

/// Sends what waits to be sent, unless another coroutine is at it.
pub(super) fn flush(client: &Client, this: &mut ZendObject) -> Result<(), Stop> {
    let deadline = write_deadline(this);
    while !client.link.writing() {
        let bytes = client.connection.borrow_mut().take_output();
        if bytes.is_empty() {
            break;
        }
        let Some(transport) = client.link.open() else { return lose(client, this, libc::ECANCELED) };
        let written = transport.write_all(&bytes);
        match client.link.wait(Direction::Write, deadline.left(), written, |error| number(&error))? {
            Ok(()) => {}
            // Part of a frame may be out: nothing can follow it.
            Err(code) => return lose(client, this, code),
        }
    }
    Ok(())
}

/// Sends a body, as the server makes room for it. A stream that the server has ended takes no more.
pub(super) fn body(
    client: &Client,
    this: &mut ZendObject,
    stream: u32,
    mut bytes: &[u8],
    end: bool,
) -> Result<(), Stop> {
    let deadline = write_deadline(this);
    let mut waiting = 0;
    loop {
        if bytes.is_empty() {
            // An empty frame needs no room.
            if end && waiting == 0 && client.connection.borrow().has(stream) {
                client.connection.borrow_mut().data(stream, b"", true);
            }
            return flush(client, this);
        }
        let flow = client.connection.borrow().flow(stream);
        match flow {
            Flow::Gone => return flush(client, this),
            Flow::Open(most) => {
                let (piece, rest) = bytes.split_at(most.min(bytes.len()));
                client.connection.borrow_mut().data(stream, piece, end && rest.is_empty());
                waiting += piece.len();
                bytes = rest;
                if bytes.is_empty() {
                    return flush(client, this);
                }
                if waiting >= PIECE {
                    flush(client, this)?;
                    waiting = 0;
                }
            }
            Flow::Shut => {
                flush(client, this)?;
                waiting = 0;
                pump(client, this, &deadline)?;
            }
        }
    }
}

/// Waits until something has arrived, reading if nobody else does.
fn pump(client: &Client, this: &mut ZendObject, deadline: &Deadline) -> Result<(), Stop> {
    if client.link.reading() {
        return wait_for_progress(client, this, deadline);
    }
    client.pumping.set(true);
    let outcome = arrive(client, this, deadline);
    client.pumping.set(false);
    client.progress.notify_waiters();
    outcome
}

/// Waits until the coroutine that reads has read something, or leaves.
pub(super) fn wait_for_progress(client: &Client, this: &mut ZendObject, deadline: &Deadline) -> Result<(), Stop> {
    let outcome = engine::scheduler().wait_for(client.progress.notified(), deadline.left());
    match outcome {
        Ok(Some(())) if client.link.open().is_some() => Ok(()),
        Ok(Some(())) | Err(Canceled) => refuse(this, libc::ECANCELED, None),
        Ok(None) => refuse(this, libc::ETIMEDOUT, None),
    }
}

/// Reads what arrives next, and answers what has to be answered.
pub(super) fn arrive(client: &Client, this: &mut ZendObject, deadline: &Deadline) -> Result<(), Stop> {
    let Some(transport) = client.link.open() else { return refuse(this, libc::ECANCELED, None) };
    let mut outcome = Ok(());
    let arrived = transport.receive(usize::MAX, |bytes| outcome = client.connection.borrow_mut().feed(bytes));
    let count = client.link.wait(Direction::Read, deadline.left(), arrived, |error| number(&error))?;
    client.progress.notify_waiters();
    match count {
        Ok(0) => return lose(client, this, libc::ECONNRESET),
        Ok(_) => {}
        Err(libc::ETIMEDOUT) => return refuse(this, libc::ETIMEDOUT, None),
        Err(code) => return lose(client, this, code),
    }
    flush(client, this)?;
    if let Err(failure) = outcome {
        client.close(this);
        let words = format!("HTTP/2 protocol error {}", failure.code());
        set_error(this, constants::SWOOLE_ERROR_PROTOCOL_ERROR as i32, Some(&words));
        return Err(Stop::Failed);
    }
    Ok(())
}
