//! PHP strings held by Rust, and names that live as long as the process.

use super::call::Thrown;
use super::sys;
use ext_php_rs::types::{ZendStr, Zval};
use std::fmt;
use std::mem::ManuallyDrop;
use std::ptr::NonNull;

/// `GC_IMMUTABLE`, which is `IS_STR_INTERNED` for strings: shared by all, never counted.
const INTERNED: u32 = 1 << 6;
/// `IS_TYPE_REFCOUNTED` in a zval's type.
const COUNTED: u32 = 1 << 8;

/// A reference to a PHP string. Its bytes are never changed while it is held.
pub struct Text(NonNull<ZendStr>);

impl Text {
    /// One more reference to `string`; nothing is copied.
    #[inline]
    pub fn share(string: &ZendStr) -> Self {
        let raw = NonNull::from(string);
        // SAFETY: a live string; the PHP thread counts. Counting is a call into C: what is behind a shared reference does not change as far as
        // the compiler knows, so a store of ours would be left out.
        unsafe {
            if !is_interned(raw) {
                steelwool_string_share(raw.as_ptr());
            }
        }
        Self(raw)
    }

    /// Takes over one reference that the engine gave.
    ///
    /// # Safety
    /// `raw` is a live string with a reference for us.
    pub(super) unsafe fn from_raw(raw: *mut ZendStr) -> Self {
        // SAFETY: the caller's promise.
        Self(unsafe { NonNull::new_unchecked(raw) })
    }

    /// A new string.
    #[inline]
    pub fn new(bytes: &[u8]) -> Self {
        let made = ManuallyDrop::new(ZendStr::new(bytes, false));
        Self(NonNull::from(&**made))
    }

    /// `(string) $value`.
    ///
    /// # Errors
    /// The conversion threw.
    pub fn of(value: &Zval) -> Result<Self, Thrown> {
        if let Some(string) = value.zend_str() {
            return Ok(Self::share(string));
        }
        // SAFETY: returns a string of which we own one reference, even when it threw.
        let made = Self(unsafe { zval_get_string_func(std::ptr::from_ref(value).cast_mut()) });
        if super::exception_pending() { Err(Thrown) } else { Ok(made) }
    }

    /// What it holds.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        // SAFETY: we hold a reference.
        unsafe { self.0.as_ref() }.as_bytes()
    }

    /// The engine's string.
    pub(super) fn raw(&self) -> *mut ZendStr {
        self.0.as_ptr()
    }

    /// As a PHP value, sharing the string.
    #[inline]
    pub fn value(&self) -> Zval {
        // SAFETY: we hold a reference.
        Self::share(unsafe { self.0.as_ref() }).into()
    }
}

/// Whether a string is a constant: of a script, or of the process. It is there as long as the script is.
#[inline]
pub fn is_constant(string: &ZendStr) -> bool {
    // SAFETY: a live string.
    unsafe { is_interned(NonNull::from(string)) }
}

unsafe fn is_interned(string: NonNull<ZendStr>) -> bool {
    // SAFETY: the caller passes a live string; every view of the union is the same word.
    unsafe { (*string.as_ptr()).gc.u.type_info & INTERNED != 0 }
}

impl From<Text> for Zval {
    #[inline]
    fn from(text: Text) -> Self {
        let text = ManuallyDrop::new(text);
        let mut value = Zval::new();
        value.value.str_ = text.0.as_ptr();
        // SAFETY: our reference moves into the value; a plain write of its type word.
        unsafe {
            value.u1.type_info = sys::IS_STRING | if is_interned(text.0) { 0 } else { COUNTED };
        }
        value
    }
}

impl Clone for Text {
    fn clone(&self) -> Self {
        // SAFETY: we hold a reference.
        Self::share(unsafe { self.0.as_ref() })
    }
}

impl Drop for Text {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: gives back the reference that we hold, on the PHP thread.
        unsafe {
            if !is_interned(self.0) {
                sys::ext_php_rs_zend_string_release(self.0.as_ptr());
            }
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        String::from_utf8_lossy(self.as_bytes()).fmt(f)
    }
}

/// A string of the process: an array key or value that costs no allocation and no counting.
#[derive(Clone, Copy)]
pub struct Name(NonNull<ZendStr>);

// SAFETY: interned for good at module start, never written afterwards.
unsafe impl Send for Name {}
// SAFETY: as above.
unsafe impl Sync for Name {}

unsafe extern "C" {
    fn zval_get_string_func(value: *mut sys::zval) -> NonNull<ZendStr>;
    /// fields.c: one more reference to a string that is not interned.
    fn steelwool_string_share(string: *mut ZendStr);
    /// registry.c: fills a value with a permanent interned string.
    fn steelwool_interned(value: *mut sys::zval, text: *const std::ffi::c_char, length: usize);
    /// fields.c: a string that is never freed.
    fn steelwool_kept(text: *const std::ffi::c_char, length: usize) -> NonNull<ZendStr>;
}

impl Name {
    /// Interns `text` for as long as the process lives. Only at module start.
    pub fn new(text: &str) -> Self {
        let mut value = ManuallyDrop::new(Zval::new());
        // SAFETY: the engine copies the text and never frees the result.
        unsafe {
            steelwool_interned(&mut *value, text.as_ptr().cast(), text.len());
            Self(NonNull::new_unchecked(value.value.str_))
        }
    }

    /// Keeps a copy of `text` for as long as the process lives; at any time, so what is kept must be little.
    pub fn kept(text: &[u8]) -> Self {
        // SAFETY: the engine copies the text; the string is never counted, and so never freed.
        Self(unsafe { steelwool_kept(text.as_ptr().cast(), text.len()) })
    }

    /// What it says.
    #[inline]
    pub fn as_bytes(&self) -> &[u8] {
        self.string().as_bytes()
    }

    /// The engine's string.
    #[inline]
    pub fn string(&self) -> &ZendStr {
        // SAFETY: it lives as long as the process, and nobody writes to it.
        unsafe { self.0.as_ref() }
    }

    /// As a PHP value.
    #[inline]
    pub fn value(self) -> Zval {
        Text(self.0).into()
    }

    pub(super) fn raw(self) -> *mut ZendStr {
        self.0.as_ptr()
    }
}
