//! Settings of php.ini.

use super::sys;
use std::ffi::{CStr, c_char, c_int, c_void};

unsafe extern "C" {
    fn zend_unregister_ini_entries(module_number: c_int);
    fn zend_ini_string(name: *const c_char, length: usize, orig: c_int) -> *const c_char;
    fn zend_ini_boolean_displayer_cb(entry: *mut sys::zend_ini_entry, kind: c_int);
    fn display_ini_entries(module: *mut sys::zend_module_entry);
}

/// One setting: its name, its default and what kind of value it is.
pub struct Setting {
    /// Full name, such as `swoole.use_shortname`.
    pub name: &'static CStr,
    /// Value when php.ini says nothing.
    pub default: &'static CStr,
    /// Shown as On or Off.
    pub boolean: bool,
    /// Whether scripts may change it with `ini_set()`.
    pub changeable: bool,
}

/// Declares the settings of the module with this number, at module start.
pub fn register(settings: &[Setting], module_number: i32) {
    let mut entries: Vec<sys::zend_ini_entry_def> = settings.iter().map(definition).collect();
    // SAFETY: all-zero is the engine's end marker.
    entries.push(unsafe { std::mem::zeroed() });
    // SAFETY: the table ends with the marker; the engine copies it, its strings are 'static.
    unsafe { sys::zend_register_ini_entries(entries.as_ptr(), module_number) };
}

fn definition(setting: &Setting) -> sys::zend_ini_entry_def {
    let modifiable = if setting.changeable { sys::PHP_INI_ALL } else { sys::PHP_INI_SYSTEM };
    sys::zend_ini_entry_def {
        name: setting.name.as_ptr(),
        name_length: setting.name.count_bytes() as u16,
        value: setting.default.as_ptr(),
        value_length: setting.default.count_bytes() as u32,
        displayer: setting.boolean.then_some(show_boolean as unsafe extern "C" fn(*mut sys::zend_ini_entry, c_int)),
        modifiable: modifiable as _,
        on_modify: None,
        mh_arg1: std::ptr::null_mut::<c_void>(),
        mh_arg2: std::ptr::null_mut(),
        mh_arg3: std::ptr::null_mut(),
    }
}

unsafe extern "C" fn show_boolean(entry: *mut sys::zend_ini_entry, kind: c_int) {
    // SAFETY: the engine's own displayer, called as the engine called us.
    unsafe { zend_ini_boolean_displayer_cb(entry, kind) }
}

/// Forgets the settings of the module with this number, at module end.
pub fn unregister(module_number: i32) {
    // SAFETY: module end, single-threaded.
    unsafe { zend_unregister_ini_entries(module_number) }
}

fn text(name: &CStr) -> Option<&CStr> {
    // SAFETY: the returned text belongs to the ini entry and is read before anything can change it.
    unsafe {
        let value: *const c_char = zend_ini_string(name.as_ptr(), name.count_bytes(), 0);
        (!value.is_null()).then(|| CStr::from_ptr(value))
    }
}

/// A boolean setting, read as the engine reads one: `on`, `yes`, `true` or a number other than 0.
pub fn boolean(name: &CStr) -> bool {
    let Some(text) = text(name) else { return false };
    let text = text.to_bytes().to_ascii_lowercase();
    matches!(&*text, b"on" | b"yes" | b"true") || number(&text) != 0
}

/// An integer setting; 0 when it does not start with a number.
pub fn long(name: &CStr) -> i64 {
    text(name).map_or(0, |text| number(text.to_bytes()))
}

/// A setting that is a number of bytes, such as `128M`; -1 when it is none.
pub fn size(name: &CStr) -> i64 {
    let value = super::string(text(name).map_or(b"", CStr::to_bytes));
    super::to_size(&value).unwrap_or(-1)
}

fn number(text: &[u8]) -> i64 {
    let text = String::from_utf8_lossy(text);
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || c == '-')).unwrap_or(text.len());
    text[..end].parse().unwrap_or(0)
}

/// Prints the settings of `module` in phpinfo.
///
/// # Safety
/// `module` is what PHP gave an info function.
pub unsafe fn display(module: *mut sys::zend_module_entry) {
    // SAFETY: caller's promise.
    unsafe { display_ini_entries(module) }
}
