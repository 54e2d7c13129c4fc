//! PHP arrays of one shape, built fast: the keys are made once and shared by all rows.

use super::sys;
use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendStr, Zval};
use std::ffi::c_char;
use std::mem::ManuallyDrop;

unsafe extern "C" {
    static zend_one_char_string: [*mut sys::zend_string; 256];
    static zend_empty_string: *mut sys::zend_string;
    fn _zend_handle_numeric_str_ex(key: *const c_char, length: usize, index: *mut sys::zend_ulong) -> bool;
    fn _php_math_round(value: f64, places: std::ffi::c_int, mode: std::ffi::c_int) -> f64;
}

enum Key {
    Index(sys::zend_ulong),
    Name(Zval),
}

/// The keys of rows, in order.
#[derive(Default)]
pub struct Keys {
    list: Vec<Key>,
    /// No key comes twice, so that adding need not look for an old value.
    distinct: bool,
}

impl Keys {
    /// Keys from names; a name that is a decimal number is an int key, as everywhere in PHP.
    pub fn new<'a>(names: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut list = Vec::new();
        let mut distinct = true;
        let mut seen: Vec<&[u8]> = Vec::new();
        for name in names {
            distinct &= !seen.contains(&name);
            seen.push(name);
            let mut index = 0;
            let digits = name.first().is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-');
            // The engine reads one byte past a name to see its end.
            let ended = [name, &[0]].concat();
            let start = ended.as_ptr().cast();
            // SAFETY: a string with its zero byte and its length.
            let numeric = digits && unsafe { _zend_handle_numeric_str_ex(start, name.len(), &mut index) };
            list.push(if numeric { Key::Index(index) } else { Key::Name(super::string(name)) });
        }
        Self { list, distinct }
    }

    /// A row: `value` gives the values, in the order of the keys. A key that comes twice keeps its last value.
    ///
    /// # Errors
    /// The first error of `value`.
    #[inline]
    pub fn row<E>(&self, mut value: impl FnMut() -> Result<Zval, E>) -> Result<Zval, E> {
        let mut row = Zval::new();
        // SAFETY: a fresh array with one reference, which `row` takes.
        let table = unsafe {
            let table = sys::_zend_new_array(self.list.len() as u32);
            row.set_hashtable(ZBox::from_raw(table));
            table
        };
        for key in &self.list {
            let mut value = ManuallyDrop::new(value()?);
            // SAFETY: the table takes the value over and adds its own reference to the key.
            unsafe {
                match key {
                    Key::Name(name) if self.distinct => {
                        sys::zend_hash_add_new(table, name.value.str_, &mut *value);
                    }
                    Key::Name(name) => {
                        sys::zend_hash_update(table, name.value.str_, &mut *value);
                    }
                    Key::Index(index) => {
                        sys::zend_hash_index_update(table, *index, &mut *value);
                    }
                }
            }
        }
        Ok(row)
    }
}

/// A PHP string of `bytes`; short ones are the engine's own, without allocation.
#[inline]
pub fn text(bytes: &[u8]) -> Zval {
    let mut value = Zval::new();
    // SAFETY: the engine's permanent strings, whose type carries no reference count.
    unsafe {
        let permanent = match bytes {
            [] => zend_empty_string,
            [byte] => zend_one_char_string[usize::from(*byte)],
            _ => {
                value.set_zend_string(ZendStr::new(bytes, false));
                return value;
            }
        };
        value.value.str_ = permanent;
        value.u1.type_info = sys::IS_STRING;
    }
    value
}

/// A single-precision number with the seven decimals it can have, as a double.
pub fn widen(number: f32) -> f64 {
    const HALF_DOWN: std::ffi::c_int = 2;
    // SAFETY: a function of numbers.
    unsafe { _php_math_round(f64::from(number), 7, HALF_DOWN) }
}
