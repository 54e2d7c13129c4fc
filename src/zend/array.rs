//! PHP arrays built by Rust.

use super::sys;
use super::text::Name;
use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

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

    /// An empty array that takes `room` entries without growing.
    pub fn with_room(room: u32) -> Self {
        // SAFETY: a fresh array with one reference, which is passed on.
        Self::of(unsafe { ZBox::from_raw(sys::_zend_new_array(room)) })
    }

    /// An empty array that takes `room` named entries without growing.
    pub fn with_names(room: u32) -> Self {
        // SAFETY: as in `with_room`.
        Self::of(unsafe { ZBox::from_raw(steelwool_named(room)) })
    }

    #[inline]
    pub(super) fn of(table: ZBox<ZendHashTable>) -> Self {
        let mut value = Zval::new();
        value.value.arr = table.into_raw();
        value.u1.type_info = sys::IS_ARRAY_EX;
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

    /// Sets a key as [`try_each`] gave it.
    pub fn insert(&mut self, key: Key<'_>, value: Zval) {
        let mut value = std::mem::ManuallyDrop::new(value);
        // SAFETY: the table takes the value over.
        unsafe {
            match key {
                Key::Number(number) => sys::zend_hash_index_update(self.table(), number as u64, &mut *value),
                Key::Text(text) => {
                    sys::zend_hash_str_update(self.table(), text.as_ptr().cast(), text.len(), &mut *value)
                }
            };
        }
    }

    /// Adds a key that is not in the array yet.
    #[inline]
    pub fn add(&mut self, key: Name, value: Zval) {
        let mut value = std::mem::ManuallyDrop::new(value);
        // SAFETY: the table takes the value over; the key is permanent.
        unsafe { steelwool_named_add(self.table(), key.raw(), &mut *value) };
    }

    /// Sets a string key that does not look like a number, unless it is there.
    pub(super) fn set_new(&mut self, key: &[u8], mut value: Zval) {
        // SAFETY: the table takes the value over if it takes it at all.
        let added = unsafe { zend_hash_str_add(self.table(), key.as_ptr().cast(), key.len(), &mut value) };
        if !added.is_null() {
            std::mem::forget(value);
        }
    }

    /// `$array[$key] = $value`: a key that looks like a number is one.
    pub fn set_symbol(&mut self, key: &[u8], value: Zval) {
        match number_of(key) {
            Some(number) => self.insert(Key::Number(number), value),
            None => self.insert(Key::Text(key), value),
        }
    }

    /// Whether `$array[$key]` exists.
    pub(super) fn has_symbol(&mut self, key: &[u8]) -> bool {
        !self.find_symbol(key).is_null()
    }

    fn find_symbol(&mut self, key: &[u8]) -> *mut Zval {
        // SAFETY: looks into a live table.
        unsafe {
            match number_of(key) {
                Some(number) => sys::zend_hash_index_find(self.table(), number as u64),
                None => sys::zend_hash_str_find(self.table(), key.as_ptr().cast(), key.len()),
            }
        }
    }

    /// The array's value, for PHP functions that fill it.
    pub(super) fn raw(&mut self) -> *mut sys::zval {
        &mut self.0
    }

    /// `$array[$key] = $value`, or turns what is there into a list that `value` is added to.
    pub fn add_or_merge(&mut self, key: &[u8], value: Zval) {
        let mut value = std::mem::ManuallyDrop::new(value);
        let number = number_of(key);
        // SAFETY: the table, and a list in it, take the value over; a list that is shared is separated first.
        unsafe {
            // Most are new.
            let added = match number {
                Some(number) => zend_hash_index_add(self.table(), number as u64, &mut *value),
                None => zend_hash_str_add(self.table(), key.as_ptr().cast(), key.len(), &mut *value),
            };
            if !added.is_null() {
                return;
            }
            let Some(found) = self.find_symbol(key).as_mut() else { return };
            let list = match found.array() {
                None => {
                    let mut list = Self::new();
                    list.push(found.shallow_clone());
                    Some(list)
                }
                Some(shared) if super::reference_count(found) > 1 => Some(Self::copy_of(shared)),
                Some(_) => None,
            };
            if let Some(list) = list {
                // Beside the value is the table's chain of keys.
                let chain = found.u2;
                *found = list.into();
                found.u2 = chain;
            }
            sys::zend_hash_next_index_insert(found.value.arr, &mut *value);
        }
    }

    /// Sets a string key to an int.
    pub fn set_long(&mut self, key: &str, value: i64) {
        self.set(key, super::long(value));
    }

    /// Appends a value.
    pub fn push(&mut self, mut value: Zval) {
        // SAFETY: the table takes the value over.
        unsafe { sys::zend_hash_next_index_insert(self.table(), &mut value) };
        std::mem::forget(value);
    }

    /// Sets an int key.
    pub fn set_index(&mut self, index: i64, value: Zval) {
        let mut value = std::mem::ManuallyDrop::new(value);
        // SAFETY: the table takes the value over.
        unsafe { sys::zend_hash_index_update(self.table(), index as u64, &mut *value) };
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

/// The int key that `$array[$key]` means: a number in its shortest form.
fn number_of(key: &[u8]) -> Option<i64> {
    if !matches!(key.first()?, b'0'..=b'9' | b'-') {
        return None;
    }
    let number: i64 = std::str::from_utf8(key).ok()?.parse().ok()?;
    // PHP's rule leaves out the smallest number, whose sign cannot be turned
    (number != i64::MIN && number.to_string().as_bytes() == key).then_some(number)
}

/// A key of an array.
#[derive(Clone, Copy, Debug)]
pub enum Key<'a> {
    /// An int key.
    Number(i64),
    /// A string key.
    Text(&'a [u8]),
}

unsafe extern "C" {
    // fields.c
    fn steelwool_named(room: u32) -> *mut ZendHashTable;
    fn steelwool_named_add(table: *mut ZendHashTable, name: *mut ZendStr, value: *mut Zval);
    fn steelwool_array_hold(table: *mut ZendHashTable);
    fn steelwool_array_release(table: *mut ZendHashTable);
    fn steelwool_array_next(
        table: *mut ZendHashTable,
        place: *mut u32,
        name: *mut *mut ZendStr,
        number: *mut u64,
        value: *mut *mut Zval,
    ) -> bool;
    fn steelwool_array_single(table: *mut ZendHashTable) -> *mut Zval;
    // Zend/zend_hash.h
    fn zend_hash_index_add(table: *mut ZendHashTable, number: u64, value: *mut Zval) -> *mut Zval;
    fn zend_hash_str_add(
        table: *mut ZendHashTable,
        key: *const std::ffi::c_char,
        length: usize,
        value: *mut sys::zval,
    ) -> *mut sys::zval;
}

/// Keeps an array as it is: while it is held, who writes to it makes a copy first.
struct Held(*mut ZendHashTable);

impl Held {
    fn new(table: &ZendHashTable) -> Self {
        let raw = std::ptr::from_ref(table).cast_mut();
        // SAFETY: a live array; arrays of constants are not counted.
        unsafe { steelwool_array_hold(raw) };
        Self(raw)
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        // SAFETY: gives back what `new` took.
        unsafe { steelwool_array_release(self.0) };
    }
}

/// Visits the entries of `table` in order until `visit` fails. What PHP code does to the array meanwhile is not seen.
///
/// # Errors
/// What `visit` returned.
pub fn try_each<E>(table: &ZendHashTable, mut visit: impl FnMut(Key<'_>, &Zval) -> Result<(), E>) -> Result<(), E> {
    try_each_named(table, |name, value| {
        let key = match name {
            Ok(name) => Key::Text(name.as_bytes()),
            Err(number) => Key::Number(number),
        };
        visit(key, value)
    })
}

/// As [`try_each`], with PHP's own strings for keys, or numbers.
///
/// # Errors
/// What `visit` returned.
#[inline]
pub fn try_each_named<E>(
    table: &ZendHashTable,
    mut visit: impl FnMut(Result<&ZendStr, i64>, &Zval) -> Result<(), E>,
) -> Result<(), E> {
    let held = Held::new(table);
    let (mut place, mut number) = (0, 0);
    let (mut name, mut value) = (std::ptr::null_mut::<ZendStr>(), std::ptr::null_mut::<Zval>());
    // SAFETY: the array is held, so its keys and values stay; the shim fills all three when there is an entry.
    unsafe {
        while steelwool_array_next(held.0, &mut place, &mut name, &mut number, &mut value) {
            visit(name.as_ref().ok_or(number as i64), (*value).dereference())?;
        }
    }
    Ok(())
}

/// The only value of an array that has one.
#[inline]
pub fn single(table: &ZendHashTable) -> Option<&Zval> {
    // SAFETY: a live array, of which a value lives as long as nobody writes to it.
    unsafe { steelwool_array_single(std::ptr::from_ref(table).cast_mut()).as_ref() }.map(Zval::dereference)
}
