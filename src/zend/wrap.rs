//! Functions of PHP with something around them: what they are given, what they warn of, what they return.

use super::sys;
use ext_php_rs::types::Zval;
use std::ffi::{CStr, c_char};
use std::sync::Mutex;

type Handler = unsafe extern "C" fn(*mut sys::zend_execute_data, *mut sys::zval);

unsafe extern "C" {
    // library.c
    fn steelwool_replace_handler(name: *const c_char, length: usize, handler: Handler) -> Option<Handler>;
    // shim.c
    fn steelwool_call_quietly(
        handler: Handler,
        frame: *mut sys::zend_execute_data,
        result: *mut sys::zval,
    ) -> *mut sys::zend_string;
    fn steelwool_pending_error() -> *mut sys::zend_string;
    fn steelwool_register_process(module: i32);
    fn steelwool_name_process(value: *mut sys::zval);
    fn steelwool_rename_process(value: *mut sys::zval, coroutine: bool) -> bool;
    fn steelwool_any_address(options: *mut sys::zval);
}

/// What is around a function. It calls the function itself, once.
pub type Around = fn(&mut Wrapped<'_>);

struct Entry {
    name: &'static [u8],
    handler: Handler,
    around: Around,
}

static ENTRIES: Mutex<Vec<Entry>> = Mutex::new(Vec::new());

/// Puts `around` around these functions, for as long as the process lives; those that are not there are left out.
pub fn wrap(names: &[&'static CStr], around: Around) {
    let Ok(mut entries) = ENTRIES.lock() else { return };
    for name in names {
        // SAFETY: on the PHP thread; `enter` has the signature of handlers, and looks its function up here.
        let before = unsafe { steelwool_replace_handler(name.as_ptr(), name.count_bytes(), enter) };
        if let Some(handler) = before {
            entries.push(Entry { name: name.to_bytes(), handler, around });
        }
    }
}

unsafe extern "C" fn enter(frame: *mut sys::zend_execute_data, result: *mut sys::zval) {
    // SAFETY: the engine's frame and its function are live for the call; internal functions have names.
    let (frame, result, name) = unsafe {
        let frame = &mut *frame;
        let name = (*(*frame.func).common.function_name).as_bytes();
        (frame, &mut *result, name)
    };
    let found = ENTRIES.lock().ok().and_then(|entries| {
        entries.iter().find(|entry| entry.name == name).map(|entry| (entry.name, entry.handler, entry.around))
    });
    // A handler that is not in the list was not replaced.
    if let Some((name, handler, around)) = found {
        super::catch_panic(|| around(&mut Wrapped { frame, result, name, handler }));
    }
}

/// One call of a wrapped function.
pub struct Wrapped<'a> {
    frame: &'a mut sys::zend_execute_data,
    result: &'a mut Zval,
    name: &'static [u8],
    handler: Handler,
}

impl Wrapped<'_> {
    /// The function's name.
    pub fn name(&self) -> &'static [u8] {
        self.name
    }

    /// Calls it as it is.
    pub fn call(&mut self) {
        // SAFETY: the engine's frame and result, handed on to the function that they are for.
        unsafe { (self.handler)(self.frame, self.result) };
    }

    /// Calls it without a word; what it would have warned of, after its name.
    pub fn call_quietly(&mut self) -> Option<String> {
        // SAFETY: as above.
        let text = unsafe { owned(steelwool_call_quietly(self.handler, self.frame, self.result)) }?;
        Some(after_name(&text).to_owned())
    }

    /// Takes back the `Error` or `ValueError` that the function threw, when `wanted` makes something of its text; false is returned
    /// instead.
    pub fn forgive<T>(&mut self, wanted: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        // SAFETY: on the PHP thread.
        let text = unsafe { owned(steelwool_pending_error()) }?;
        let made = wanted(after_name(&text))?;
        // SAFETY: as above.
        unsafe { sys::zend_clear_exception() };
        self.result.set_bool(false);
        Some(made)
    }

    /// Argument `index`, references followed.
    pub fn argument(&mut self, index: usize) -> Option<&mut Zval> {
        const FRAME_SLOTS: usize = size_of::<sys::zend_execute_data>().div_ceil(size_of::<sys::zval>());
        // SAFETY: every frame's `This` carries the argument count in u2; arguments follow the frame.
        unsafe {
            if index >= self.frame.This.u2.num_args as usize {
                return None;
            }
            let slot = std::ptr::from_mut(self.frame).cast::<Zval>().add(FRAME_SLOTS + index);
            Some(if (*slot).u1.v.type_ == sys::IS_REFERENCE as u8 {
                &mut (*(*slot).value.ref_).val
            } else {
                &mut *slot
            })
        }
    }

    /// What it returned.
    pub fn result(&mut self) -> &mut Zval {
        self.result
    }
}

/// Registers the type `process/coroutine`; once, at module start, `module` being the module's number.
pub fn register_process(module: i32) {
    // SAFETY: module start, where types of resources may be registered.
    unsafe { steelwool_register_process(module) };
}

/// Makes what `proc_open()` returned a resource of type `process/coroutine`.
pub fn name_process(value: &mut Zval) {
    // SAFETY: any value may be asked; the resource's own end knows both types.
    unsafe { steelwool_name_process(value) };
}

/// Makes a resource of type `process/coroutine` one of type `process`, or back; whether it was the other.
pub fn rename_process(value: &mut Zval, coroutine: bool) -> bool {
    // SAFETY: as above.
    unsafe { steelwool_rename_process(value, coroutine) }
}

/// Writes a `bindto` of `0:port` among these options of a stream context as `0.0.0.0:port`.
pub fn any_address(options: &mut Zval) {
    // SAFETY: any value may be asked; arrays that others hold are copied.
    unsafe { steelwool_any_address(options) };
}

/// A message without the function's name in front.
fn after_name(text: &str) -> &str {
    text.split_once("(): ").map_or(text, |(_, text)| text)
}

/// # Safety
/// A string that the caller owns, or null.
unsafe fn owned(text: *mut sys::zend_string) -> Option<String> {
    if text.is_null() {
        return None;
    }
    let mut value = Zval::new();
    // SAFETY: the caller's; freed with the value.
    value.set_zend_string(unsafe { ext_php_rs::boxed::ZBox::from_raw(text) });
    value.str().map(str::to_owned)
}
