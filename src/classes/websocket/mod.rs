//! Classes of `Swoole\WebSocket`.

pub mod frame;
pub mod server;
mod settings;

pub(crate) use settings::Settings;

use super::{constants, errors};
use crate::io::websocket::Failure;
use crate::log;

/// `SWOOLE_ERROR_PROTOCOL_ERROR`.
const PROTOCOL_ERROR: i32 = constants::SWOOLE_ERROR_PROTOCOL_ERROR as i32;
/// `SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE`.
const TOO_LARGE: i32 = constants::SWOOLE_ERROR_PACKAGE_LENGTH_TOO_LARGE as i32;

/// Logs why a connection was ended that broke the protocol, and sets the last error.
pub(crate) fn note_failure(failure: &Failure) {
    const ORIGIN: &str = "websocket::recv_frame()";
    if *failure == Failure::TOO_BIG {
        log::error(log::WARNING, ORIGIN, TOO_LARGE, b"packet length is too big");
        errors::set_last(TOO_LARGE);
        return;
    }
    let words = match *failure {
        Failure::LONE_FRAGMENT => {
            "A continuation frame cannot stand alone and MUST be preceded by an initial frame whose opcode indicates \
             either text or binary data."
        }
        Failure::INTERLEAVED => {
            "All fragments of a message, except for the initial frame, must use the continuation frame opcode(0)."
        }
        _ => failure.reason,
    };
    log::warning(ORIGIN, words);
    errors::set_last(PROTOCOL_ERROR);
}
