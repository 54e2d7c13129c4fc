//! `Swoole\ExitException`.

use super::slots::swoole_exit_exception::{FLAGS, STATUS};
use crate::zend::call::{Call, Return};
use crate::zend::object::slot;

/// `ExitException::getFlags`.
pub fn get_flags(call: &mut Call<'_>) -> Return {
    let value = slot(call.this(), FLAGS).shallow_clone();
    call.return_value(value)
}

/// `ExitException::getStatus`.
pub fn get_status(call: &mut Call<'_>) -> Return {
    let value = slot(call.this(), STATUS).shallow_clone();
    call.return_value(value)
}
