//! Tasks that stay on their thread.
//!
//! tokio takes what is woken or spawned outside of its own scheduler for the work of another thread: it goes through a queue under a lock,
//! and an eventfd is written each time. Half of what happens here happens there, in the loop's turns ([`outside`]), on the very thread
//! that enters the scheduler next: until then it is kept ([`catch_up`]), and neither is needed.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::mem::ManuallyDrop;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::OnceLock;
use std::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

/// What is kept until the scheduler is entered.
enum Kept {
    Wake(Waker),
    Spawn(Box<dyn FnOnce()>),
}

thread_local! {
    static OUTSIDE: Cell<bool> = const { Cell::new(false) };
    static KEPT: RefCell<Vec<Kept>> = const { RefCell::new(Vec::new()) };
}

/// What tokio's own wakers do.
static TOKIO: OnceLock<&'static RawWakerVTable> = OnceLock::new();

/// What ours do, with the same data.
static OURS: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, release);

/// Spawns a task that need not be `Send` on the `current_thread` runtime that runs here. A `LocalSet` would say the same at the
/// price of a second queue between each wake-up and its poll.
///
/// # Panics
/// Outside of a runtime, and on a runtime with more threads.
pub fn spawn(future: impl Future<Output = ()> + 'static) {
    use tokio::runtime::{Handle, RuntimeFlavor};
    assert!(Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread, "tasks must stay on their thread");
    if OUTSIDE.get() {
        let spawn = Box::new(move || drop(tokio::spawn(OnThisThread(future))));
        return KEPT.with_borrow_mut(|kept| kept.push(Kept::Spawn(spawn)));
    }
    tokio::spawn(OnThisThread(future));
}

/// A task that others can have polled where they stand, for who keeps the thread to himself but wants to see it get on.
pub trait Pushed {
    /// Polls it now, unless it is being polled.
    fn push(&self);
}

/// Such a task, until it is spawned and for as long as it runs.
pub struct Task<F> {
    future: RefCell<Option<F>>,
    /// Of the scheduler's, once that has polled it.
    waker: RefCell<Option<Waker>>,
}

impl<F: Future<Output = ()> + Unpin + 'static> Task<F> {
    /// Of what `future` does.
    pub fn new(future: F) -> Rc<Self> {
        Rc::new(Self { future: RefCell::new(Some(future)), waker: RefCell::new(None) })
    }

    /// Whether there is nothing left to do.
    pub fn is_over(&self) -> bool {
        self.future.try_borrow().is_ok_and(|future| future.is_none())
    }

    /// Has it run to its end, see [`spawn`].
    ///
    /// # Panics
    /// As [`spawn`].
    pub fn spawn(self: Rc<Self>) {
        spawn(poll_fn(move |context| {
            let mut waker = self.waker.borrow_mut();
            match &mut *waker {
                Some(waker) => waker.clone_from(context.waker()),
                none => *none = Some(context.waker().clone()),
            }
            drop(waker);
            self.poll(context)
        }));
    }

    fn poll(&self, context: &mut Context<'_>) -> Poll<()> {
        let Ok(mut future) = self.future.try_borrow_mut() else { return Poll::Pending };
        let poll = future.as_mut().map_or(Poll::Ready(()), |future| Pin::new(future).poll(context));
        if poll.is_ready() {
            let over = future.take();
            drop(future);
            drop(over);
        }
        poll
    }
}

impl<F: Future<Output = ()> + Unpin + 'static> Pushed for Task<F> {
    fn push(&self) {
        let waker = self.waker.borrow().clone();
        // Before the scheduler has polled it nobody needs to wake it.
        let waker = waker.as_ref().unwrap_or(Waker::noop());
        if self.poll(&mut Context::from_waker(waker)).is_ready() {
            waker.wake_by_ref();
        }
    }
}

/// Puts the flag back as it was, also when PHP's frames are given up.
struct Before(bool);

impl Before {
    fn set(outside: bool) -> Self {
        Self(OUTSIDE.replace(outside))
    }
}

impl Drop for Before {
    fn drop(&mut self) {
        OUTSIDE.set(self.0);
    }
}

/// Runs `body` outside of the scheduler that this thread drives: tasks that it wakes or spawns are kept for [`catch_up`].
pub fn outside<T>(body: impl FnOnce() -> T) -> T {
    let _before = Before::set(true);
    body()
}

/// Runs `body`, which enters a scheduler, wherever this is.
pub fn inside<T>(body: impl FnOnce() -> T) -> T {
    let _before = Before::set(false);
    body()
}

/// Wakes and spawns what was kept; in the scheduler.
pub fn catch_up() {
    let mut kept = KEPT.take();
    for kept in kept.drain(..) {
        match kept {
            Kept::Wake(waker) => waker.wake(),
            Kept::Spawn(spawn) => spawn(),
        }
    }
    // Nobody has kept anything meanwhile: this is not outside.
    KEPT.set(kept);
}

/// Drops what was kept: the runtime ends, and its tasks with it.
pub fn give_up() {
    let kept = KEPT.take();
    drop(kept);
}

/// In a fork's child: what was kept is for the parent's tasks.
pub fn forked() {
    std::mem::forget(KEPT.take());
}

struct OnThisThread<F>(F);

// SAFETY: a `current_thread` runtime (checked by `spawn`) polls and drops its tasks on the thread that drives it, and this crate
// drives each of its runtimes on the thread that made it.
unsafe impl<F> Send for OnThisThread<F> {}

impl<F: Future> Future for OnThisThread<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: structural pinning of the only field.
        let future = unsafe { self.map_unchecked_mut(|this| &mut this.0) };
        let waker = context.waker();
        if !std::ptr::eq(*TOKIO.get_or_init(|| waker.vtable()), waker.vtable()) {
            return future.poll(context);
        }
        // SAFETY: the data is of a waker with tokio's table, which outlives this call; it is not dropped here.
        let ours = ManuallyDrop::new(unsafe { Waker::new(waker.data(), &OURS) });
        future.poll(&mut Context::from_waker(&ours))
    }
}

/// The waker of tokio's that one of ours stands for.
///
/// # Safety
/// `data` is a waker's with the table [`OURS`], whose share of the task goes to the result.
unsafe fn of(data: *const ()) -> Waker {
    match TOKIO.get() {
        // SAFETY: wakers with our table are made of wakers with this one, of the same data.
        Some(table) => unsafe { Waker::new(data, table) },
        // There is none of ours before that is known.
        None => Waker::noop().clone(),
    }
}

unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: the caller's waker keeps its share: this one is not dropped.
    let waker = ManuallyDrop::new(unsafe { of(data) });
    let copy = ManuallyDrop::new(Waker::clone(&waker));
    RawWaker::new(copy.data(), &OURS)
}

unsafe fn wake(data: *const ()) {
    // SAFETY: the caller gives its share up.
    let waker = unsafe { of(data) };
    if OUTSIDE.get() {
        KEPT.with_borrow_mut(|kept| kept.push(Kept::Wake(waker)));
    } else {
        waker.wake();
    }
}

unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: the caller's waker keeps its share: this one is not dropped.
    let waker = ManuallyDrop::new(unsafe { of(data) });
    if OUTSIDE.get() {
        KEPT.with_borrow_mut(|kept| kept.push(Kept::Wake(Waker::clone(&waker))));
    } else {
        waker.wake_by_ref();
    }
}

unsafe fn release(data: *const ()) {
    // SAFETY: the caller gives its share up.
    drop(unsafe { of(data) });
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::sync::Notify;

    fn runtime() -> tokio::runtime::Runtime {
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
    }

    #[test]
    fn what_happens_outside_is_kept() {
        let runtime = runtime();
        let (heard, told) = (Rc::new(Cell::new(0)), Rc::new(Notify::new()));
        let rounds = |count| {
            inside(|| {
                runtime.block_on(async {
                    catch_up();
                    for _ in 0..count {
                        tokio::task::yield_now().await;
                    }
                });
            });
        };
        {
            let _context = runtime.enter();
            let (heard, told) = (Rc::clone(&heard), Rc::clone(&told));
            outside(|| {
                spawn(async move {
                    loop {
                        told.notified().await;
                        heard.set(heard.get() + 1);
                    }
                });
            });
        }
        rounds(3);
        for expected in 1..4 {
            outside(|| told.notify_one());
            assert_eq!(KEPT.with_borrow(Vec::len), 1);
            rounds(3);
            assert_eq!(heard.get(), expected);
        }
        outside(|| told.notify_one());
        give_up();
        assert_eq!(KEPT.with_borrow(Vec::len), 0);
    }

    #[test]
    fn pushed_tasks_get_on_where_somebody_stands() {
        let runtime = runtime();
        let (seen, room) = (Rc::new(Cell::new(0)), Rc::new(Cell::new(1)));
        let task = {
            let (seen, room) = (Rc::clone(&seen), Rc::clone(&room));
            Task::new(poll_fn(move |context| {
                seen.set(seen.get() + room.take());
                if seen.get() < 4 {
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                Poll::Ready(())
            }))
        };
        task.push();
        assert_eq!((seen.get(), task.is_over()), (1, false));
        inside(|| {
            runtime.block_on(async {
                Rc::clone(&task).spawn();
                room.set(2);
                tokio::task::yield_now().await;
            });
        });
        assert_eq!((seen.get(), task.is_over()), (3, false));
        room.set(1);
        task.push();
        assert_eq!((seen.get(), task.is_over()), (4, true));
        inside(|| runtime.block_on(tokio::task::yield_now()));
        assert_eq!(Rc::strong_count(&task), 1, "the scheduler has heard of the end");
    }

    #[test]
    fn other_threads_wake_at_once() {
        let runtime = runtime();
        let (sender, receiver) = tokio::sync::oneshot::channel::<i32>();
        let got = Rc::new(Cell::new(0));
        let thread = std::thread::spawn(move || sender.send(7).expect("somebody waits"));
        let (result, done) = (Rc::clone(&got), Rc::new(Notify::new()));
        let tell = Rc::clone(&done);
        inside(|| {
            runtime.block_on(async move {
                spawn(async move {
                    result.set(receiver.await.expect("it is sent"));
                    tell.notify_one();
                });
                done.notified().await;
            });
        });
        thread.join().expect("it ends");
        assert_eq!(got.get(), 7);
    }
}
