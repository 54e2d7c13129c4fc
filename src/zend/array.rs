//! PHP arrays built by Rust.

use super::{string, sys};
use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, Zval};

/// A PHP array that only we hold.
pub struct Array(Zval);

impl Default for Array {
    fn default() -> Self {
        Self::new()
    }
}

impl Array {
    /// An empty array.
    pub fn new() -> Self {
        Self::of(ZendHashTable::new())
    }

    fn of(table: ZBox<ZendHashTable>) -> Self {
        let mut value = Zval::new();
        value.set_hashtable(table);
        Self(value)
    }

    /// A copy of `table`, its values shared.
    pub fn copy_of(table: &ZendHashTable) -> Self {
        let mut value = Zval::new();
        // SAFETY: `zend_array_dup` returns a fresh array with one reference, which `value` takes.
        unsafe {
            value.set_hashtable(ZBox::from_raw(sys::zend_array_dup(std::ptr::from_ref(table).cast_mut())));
        }
        Self(value)
    }

    fn table(&mut self) -> *mut ZendHashTable {
        // SAFETY: made as an array, and not shared before it is given away.
        unsafe { self.0.value.arr }
    }

    /// Sets a string key. A numeric-looking key stays a string: callers pass names.
    pub fn set(&mut self, key: &str, mut value: Zval) {
        // SAFETY: the table takes the value over.
        unsafe {
            sys::zend_hash_str_update(self.table(), key.as_ptr().cast(), key.len(), &mut value);
        }
        std::mem::forget(value);
    }

    /// Sets a string key to an int.
    pub fn set_long(&mut self, key: &str, value: i64) {
        self.set(key, super::long(value));
    }

    /// Sets a string key to a string.
    pub fn set_bytes(&mut self, key: &str, value: &[u8]) {
        self.set(key, string(value));
    }

    /// Appends a value.
    pub fn push(&mut self, mut value: Zval) {
        // SAFETY: the table takes the value over.
        unsafe { sys::zend_hash_next_index_insert(self.table(), &mut value) };
        std::mem::forget(value);
    }

    /// Copies every entry of `other` over its own.
    pub fn merge(&mut self, other: &ZendHashTable) {
        // SAFETY: both are live arrays; `zval_add_ref` is the engine's copy constructor.
        unsafe {
            sys::zend_hash_merge(self.table(), std::ptr::from_ref(other).cast_mut(), Some(sys::zval_add_ref), true);
        }
    }
}

impl From<Array> for Zval {
    fn from(array: Array) -> Self {
        array.0
    }
}
