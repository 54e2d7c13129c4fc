//! Stacks the engine can switch to: a raw `zend_fiber_context` on memory of ours.

use super::stack::{Guard, Slabs, Slot};
use super::sys::{self, FiberContext};
use std::io;
use std::ptr::NonNull;

/// A stack with its engine context. `T` is the record that lives beside it, in the same memory page.
pub struct Stack<T> {
    slot: Slot,
    context: NonNull<FiberContext>,
    record: NonNull<T>,
}

/// The context that runs now: PHP's main stack, a coroutine, or a user's own `Fiber`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Context(*mut FiberContext);

impl Context {
    /// No context.
    pub const NONE: Self = Self(std::ptr::null_mut());

    /// The running context.
    #[inline]
    pub fn current() -> Self {
        // SAFETY: read on the PHP thread.
        Self(unsafe { (*super::globals()).current_fiber_context.cast() })
    }

    /// Switches to this context; returns when somebody switches back.
    ///
    /// Output buffers, error handling and a pending exception stay with the side they belong to.
    ///
    /// # Safety
    /// The context is alive and suspended, and the caller keeps nothing across the switch that the other side may free.
    #[inline]
    pub unsafe fn switch(self) {
        // SAFETY: the caller's promise.
        unsafe { sys::steelwool_switch(self.0) }
    }
}

/// Whether our own stacks are used; otherwise the engine allocates C stacks.
pub fn own_stacks() -> bool {
    // SAFETY: looks at a weak symbol.
    unsafe { sys::steelwool_own_stacks() }
}

/// One line for `php --ri steelwool`.
pub fn mode(slabs: &Slabs) -> String {
    let guard = match slabs.guard() {
        Guard::Madvise => "guard pages",
        Guard::Mprotect => "mprotect guards for the first 20,000",
    };
    if own_stacks() {
        format!("slabs, {} KiB of C stack each, {guard}", slabs.c_stack() >> 10)
    } else {
        format!("allocated by the engine ({} KiB each): this php exports no make_fcontext", slabs.c_stack() >> 10)
    }
}

impl<T> Stack<T> {
    /// A new stack on which `steelwool_run_jobs(record)` starts at its first switch. The record is written first.
    ///
    /// # Errors
    /// Out of address space.
    pub fn with_record(slabs: &mut Slabs, make: impl FnOnce(&Self) -> T) -> io::Result<NonNull<T>> {
        let slot = slabs.take()?;
        // SAFETY: the slot's upper part has room for context, record and VM stack; all three are aligned to 16 bytes.
        unsafe {
            let context: NonNull<FiberContext> = slot.stack_top().cast();
            let record: NonNull<T> =
                slot.stack_top().byte_add(sys::steelwool_context_size().next_multiple_of(16)).cast();
            let vm = record.byte_add(size_of::<T>().next_multiple_of(16)).cast::<u8>();
            let vm_size = slot.end().addr().get() - vm.addr().get();
            let stack = Self { slot, context, record };
            record.write(make(&stack));
            let ready = sys::steelwool_context_init(
                context.as_ptr(),
                record.as_ptr().cast(),
                slot.stack_limit().as_ptr(),
                slot.stack_top().as_ptr(),
                vm.as_ptr(),
                vm_size,
            );
            if !ready {
                record.drop_in_place();
                slabs.give(slot);
                return Err(io::Error::other("the engine could not allocate a stack"));
            }
            Ok(record)
        }
    }

    /// A copy of the handle, for the record itself to keep.
    pub fn handle(&self) -> Self {
        Self { slot: self.slot, context: self.context, record: self.record }
    }

    /// Its engine context.
    pub fn context(&self) -> Context {
        Context(self.context.as_ptr())
    }

    /// Gives the stack back. Its record is dropped.
    ///
    /// # Safety
    /// Nothing runs on it, nothing points into it.
    pub unsafe fn retire(self, slabs: &mut Slabs) {
        // SAFETY: the caller's promise.
        unsafe {
            self.record.drop_in_place();
            sys::steelwool_context_retire(self.context.as_ptr());
        }
        slabs.give(self.slot);
    }
}
