//! Wakers without memory: a coroutine's id, dressed as a `std::task::Waker`.
//!
//! Cloning and dropping cost nothing, and waking a coroutine that has ended finds nobody. On the scheduler's own thread a
//! wake-up is a push to its queue; from any other thread (tokio's blocking pool, a resolver) it goes through [`Remote`].

use super::scheduler::Machine;
use std::marker::PhantomData;
use std::mem::ManuallyDrop;
use std::ops::Deref;
use std::sync::Mutex;
use std::task::{RawWaker, RawWakerVTable, Waker};

/// Wake-ups that came from other threads, until the drain task collects them.
#[derive(Default)]
pub struct Remote {
    inner: Mutex<Inbox>,
}

#[derive(Default)]
struct Inbox {
    ids: Vec<i64>,
    drain: Option<Waker>,
}

impl Remote {
    /// An empty inbox.
    pub const fn new() -> Self {
        Self { inner: Mutex::new(Inbox { ids: Vec::new(), drain: None }) }
    }

    fn inbox(&self) -> std::sync::MutexGuard<'_, Inbox> {
        // A panic between two plain pushes leaves nothing half-done.
        self.inner.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn push(&self, id: i64) {
        let drain = {
            let mut inbox = self.inbox();
            inbox.ids.push(id);
            inbox.drain.clone()
        };
        if let Some(waker) = drain {
            waker.wake();
        }
    }

    /// Hands over what has arrived and notes whom to wake from now on.
    pub(super) fn collect(&self, drain: &Waker, mut sink: impl FnMut(i64)) {
        let mut inbox = self.inbox();
        if !inbox.drain.as_ref().is_some_and(|waker| waker.will_wake(drain)) {
            inbox.drain = Some(drain.clone());
        }
        inbox.ids.drain(..).for_each(&mut sink);
    }
}

/// A borrowed waker for the coroutine with this id; free to make.
pub(super) fn of<M: Machine>(id: i64) -> impl Deref<Target = Waker> {
    struct Borrowed(ManuallyDrop<Waker>);
    impl Deref for Borrowed {
        type Target = Waker;
        fn deref(&self) -> &Waker {
            &self.0
        }
    }
    let raw = RawWaker::new(std::ptr::without_provenance(id as usize), Table::<M>::VTABLE);
    // SAFETY: the vtable's functions treat the data as a number and own nothing.
    Borrowed(ManuallyDrop::new(unsafe { Waker::from_raw(raw) }))
}

struct Table<M>(PhantomData<M>);

impl<M: Machine> Table<M> {
    const VTABLE: &'static RawWakerVTable = &RawWakerVTable::new(Self::clone, Self::wake, Self::wake, Self::drop);

    unsafe fn clone(data: *const ()) -> RawWaker {
        RawWaker::new(data, Self::VTABLE)
    }

    unsafe fn wake(data: *const ()) {
        let id = data.addr() as i64;
        if M::on_thread() {
            M::scheduler().make_ready(id);
        } else {
            M::remote().push(id);
        }
    }

    unsafe fn drop(_: *const ()) {}
}
