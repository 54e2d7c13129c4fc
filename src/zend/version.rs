//! What PHP versions spell differently, as far as Rust sees it; `version.h` and `version.c` have C's part. All else is alike from 8.2 on.

use super::sys;

/// Marks a class name of argument info that is a C string.
#[cfg(not(php83))]
pub(super) const LITERAL_NAME: u32 = sys::_ZEND_TYPE_NAME_BIT;
/// Marks a class name of argument info that is a C string.
#[cfg(php83)]
pub(super) const LITERAL_NAME: u32 = sys::_ZEND_TYPE_LITERAL_NAME_BIT;

/// Whether an exception of `exit` has its text as the message; before PHP 8.4 the message is always the same.
pub const EXIT_HAS_MESSAGE: bool = cfg!(php84);
