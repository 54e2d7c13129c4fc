//! A fixed list of names: taking their values out of PHP arrays, and making arrays of them.

use super::array::Array;
use super::call::Thrown;
use super::sys;
use super::text::{Name, Text};
use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use std::mem::{ManuallyDrop, MaybeUninit};
use std::sync::atomic::{AtomicPtr, Ordering};

unsafe extern "C" {
    // fields.c
    fn steelwool_fields_match(
        array: *mut sys::HashTable,
        names: *const *mut ZendStr,
        count: u32,
        plain: bool,
        found: *mut Option<&Zval>,
    );
    fn steelwool_fields_row(
        names: *const *mut ZendStr,
        values: *mut Slot,
        count: u32,
        plain: bool,
    ) -> *mut sys::HashTable;
    fn steelwool_shape(names: *const *mut ZendStr, count: u32) -> *mut sys::HashTable;
    fn steelwool_row_like(shape: *mut sys::HashTable, values: *mut Slot) -> *mut sys::HashTable;
    fn steelwool_fields_numeric(name: *mut ZendStr) -> bool;
    fn steelwool_string_hash(string: *mut ZendStr) -> u64;
    fn steelwool_string_room(size: usize) -> *mut ZendStr;
}

/// PHP's hash of a string; the engine keeps it in the string.
#[inline]
pub fn hash(string: &ZendStr) -> u64 {
    if string.h != 0 {
        return string.h;
    }
    // SAFETY: a live string, in which the engine stores its hash.
    unsafe { steelwool_string_hash(std::ptr::from_ref(string).cast_mut()) }
}

/// `(int) $value`.
///
/// # Errors
/// The conversion threw.
#[inline]
pub fn int(value: &Zval) -> Result<i64, Thrown> {
    if let Some(number) = value.long() {
        return Ok(number);
    }
    // SAFETY: a live value, only read.
    let number = unsafe { sys::zval_get_long_func(std::ptr::from_ref(value).cast_mut(), false) };
    if super::exception_pending() { Err(Thrown) } else { Ok(number) }
}

/// `(float) $value`.
///
/// # Errors
/// The conversion threw.
#[inline]
pub fn float(value: &Zval) -> Result<f64, Thrown> {
    if let Some(number) = value.double() {
        return Ok(number);
    }
    // SAFETY: a live value, only read.
    let number = unsafe { sys::zval_get_double_func(std::ptr::from_ref(value).cast_mut()) };
    if super::exception_pending() { Err(Thrown) } else { Ok(number) }
}

/// Names, in order.
#[derive(Default)]
pub struct Fields {
    names: Vec<Text>,
    /// The same, as the engine wants them.
    raw: Vec<*mut ZendStr>,
    /// Some name is a decimal number, which is an int key in arrays, or comes twice.
    special: bool,
}

impl Fields {
    /// Adds a name at the end.
    pub fn add(&mut self, name: &ZendStr) {
        let raw = std::ptr::from_ref(name).cast_mut();
        // SAFETY: a live string.
        let numeric = unsafe { steelwool_fields_numeric(raw) };
        self.special |= numeric || self.position(name).is_some();
        self.names.push(Text::share(name));
        self.raw.push(raw);
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The name at `index`.
    pub fn name(&self, index: usize) -> &[u8] {
        self.names[index].as_bytes()
    }

    /// Where a name is first.
    #[inline]
    pub fn position(&self, name: &ZendStr) -> Option<usize> {
        let same = self.raw.iter().position(|own| std::ptr::eq(*own, name));
        same.or_else(|| self.names.iter().position(|own| own.as_bytes() == name.as_bytes()))
    }

    /// The values of `array` under these names; `found` has as many places as there are names.
    #[inline]
    pub fn values<'a>(&self, array: &'a ZendHashTable, found: &mut [Option<&'a Zval>]) {
        assert_eq!(found.len(), self.raw.len());
        let array = std::ptr::from_ref(array).cast_mut();
        // SAFETY: a live array, read only; as many places as names; null is `None`.
        unsafe {
            let (names, count) = (self.raw.as_ptr(), self.raw.len() as u32);
            steelwool_fields_match(array, names, count, !self.special, found.as_mut_ptr());
        }
    }

    /// An array of the names and these values, one for each; the array takes them over.
    #[inline]
    pub fn row(&self, values: &mut [Slot]) -> ZBox<ZendHashTable> {
        assert_eq!(values.len(), self.raw.len());
        // SAFETY: as many values as names; the array takes the values over and adds references to the names.
        unsafe {
            let (names, count) = (self.raw.as_ptr(), self.raw.len() as u32);
            ZBox::from_raw(steelwool_fields_row(names, values.as_mut_ptr(), count, !self.special))
        }
    }
}

/// A value for a row, written in place: the processor stalls on a value that is written in halves and then moved as a whole.
#[repr(transparent)]
pub struct Slot(ManuallyDrop<Zval>);

impl Slot {
    /// A null.
    pub const fn new() -> Self {
        Self(ManuallyDrop::new(Zval::new()))
    }

    /// Becomes an int. Like the others, once: what it held is forgotten.
    #[inline]
    pub fn put_int(&mut self, number: i64) {
        self.0.value.lval = number;
        self.0.u1.type_info = sys::IS_LONG;
    }

    /// Becomes a float.
    #[inline]
    pub fn put_float(&mut self, number: f64) {
        self.0.value.dval = number;
        self.0.u1.type_info = sys::IS_DOUBLE;
    }

    /// Becomes a string of these bytes.
    #[inline]
    pub fn put_text(&mut self, bytes: &[u8]) {
        if bytes.len() < 2 {
            return self.put(super::row::text(bytes));
        }
        self.0.value.str_ = ManuallyDrop::new(Text::new(bytes)).raw();
        self.0.u1.type_info = sys::IS_STRING_EX;
    }

    /// Becomes this value.
    pub fn put(&mut self, value: Zval) {
        self.0 = ManuallyDrop::new(value);
    }
}

impl Default for Slot {
    fn default() -> Self {
        Self::new()
    }
}

/// What arrays have in common whose names are the same, in the same order: all but the values.
pub struct Shape(AtomicPtr<sys::HashTable>);

impl Shape {
    /// Known once the first such array was made.
    pub const fn new() -> Self {
        Self(AtomicPtr::new(std::ptr::null_mut()))
    }
}

impl Default for Shape {
    fn default() -> Self {
        Self::new()
    }
}

/// An array of names and values that is being put together; at most `N` of them.
pub struct Named<const N: usize> {
    names: [MaybeUninit<*mut ZendStr>; N],
    values: [MaybeUninit<Slot>; N],
    count: usize,
}

impl<const N: usize> Named<N> {
    /// Nothing yet.
    pub const fn new() -> Self {
        Self { names: [MaybeUninit::uninit(); N], values: [const { MaybeUninit::uninit() }; N], count: 0 }
    }

    /// The place of one more value. The name is not there yet.
    #[inline(always)]
    pub fn add(&mut self, name: Name) -> &mut Slot {
        let at = self.count;
        self.names[at].write(name.raw());
        self.count = at + 1;
        self.values[at].write(Slot::new())
    }

    /// The array. What is of one shape always has the same names.
    #[inline]
    pub fn finish(&mut self, shape: &'static Shape) -> Array {
        let (names, values) = (self.names.as_ptr().cast(), self.values.as_mut_ptr().cast());
        // SAFETY: `count` names, which live as long as the process, each once, and as many values: `add` wrote both. The array takes
        // the values over. A shape is made once, of the names of the first array, and never changes.
        unsafe {
            let count = std::mem::take(&mut self.count);
            let mut like = shape.0.load(Ordering::Relaxed);
            if like.is_null() {
                like = steelwool_shape(names, count as u32);
                shape.0.store(like, Ordering::Relaxed);
            }
            assert_eq!((*like).nNumUsed as usize, count, "another shape");
            Array::of(ZBox::from_raw(steelwool_row_like(like, values)))
        }
    }
}

impl<const N: usize> Default for Named<N> {
    fn default() -> Self {
        Self::new()
    }
}

/// A PHP string that is being filled.
pub struct Room {
    string: Text,
    size: usize,
}

impl Room {
    /// Room for `size` bytes, zero at first.
    pub fn new(size: usize) -> Self {
        // SAFETY: a new string with one reference, for us; nobody else sees it before `finish`.
        let string = unsafe {
            let raw = steelwool_string_room(size);
            (*raw).val.as_mut_ptr().write_bytes(0, size + 1);
            Text::from_raw(raw)
        };
        Self { string, size }
    }

    /// How many bytes fit.
    pub fn size(&self) -> usize {
        self.size
    }

    /// The bytes.
    pub fn bytes(&mut self) -> &mut [u8] {
        // SAFETY: the string has so many bytes, and only we have it.
        unsafe { std::slice::from_raw_parts_mut((*self.string.raw()).val.as_mut_ptr().cast(), self.size) }
    }

    /// The string of the first `length` bytes.
    pub fn finish(self, length: usize) -> Text {
        assert!(length <= self.size);
        let raw = self.string.raw();
        // SAFETY: as in `bytes`; a shorter string in the same allocation is what the engine makes too, with a zero byte behind it.
        unsafe {
            (*raw).len = length;
            (*raw).val.as_mut_ptr().add(length).write(0);
        }
        self.string
    }
}
