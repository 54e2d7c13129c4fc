//! The scheduler on plain stacks, without PHP and with a paused clock.

use super::channel::{Channel, ChannelError};
use super::runtime::EventLoop;
use super::scheduler::{Canceled, Coroutine, Machine, Outcome, Parked, Scheduler, Waiting};
use super::waker::Remote;
use corosensei::{CoroutineResult, Yielder};
use std::cell::{Cell, RefCell};
use std::ptr::NonNull;
use std::rc::Rc;
use std::time::Duration;

struct Plain;

type Stack = corosensei::Coroutine<(), (), ()>;

struct Local {
    stack: RefCell<Option<Stack>>,
    yielder: Cell<*const Yielder<(), ()>>,
}

struct World {
    scheduler: Scheduler<Plain>,
    event_loop: EventLoop,
}

thread_local!(static WORLD: &'static World =
    Box::leak(Box::new(World { scheduler: Scheduler::new(), event_loop: EventLoop::new() })));

static REMOTE: Remote = Remote::new();

impl Machine for Plain {
    type Local = Local;
    type Alarm = i64;

    fn scheduler() -> &'static Scheduler<Self> {
        &WORLD.with(|world| *world).scheduler
    }

    fn remote() -> &'static Remote {
        &REMOTE
    }

    fn on_thread() -> bool {
        // Tests run on many threads, each with a scheduler of its own; only the remote test has wakers elsewhere.
        !FOREIGN.get()
    }

    fn enter(coroutine: &Coroutine<Self>) {
        let taken = coroutine.local.stack.borrow_mut().take();
        let mut stack = taken.expect("nobody enters a running coroutine");
        let result = stack.resume(());
        if let CoroutineResult::Yield(()) = result {
            *coroutine.local.stack.borrow_mut() = Some(stack);
        } else {
            coroutine.end();
        }
    }

    fn leave(coroutine: &Coroutine<Self>) {
        // SAFETY: the yielder lives at the bottom of the running stack.
        unsafe { (*coroutine.local.yielder.get()).suspend(()) };
    }

    fn release(record: NonNull<Coroutine<Self>>) {
        // SAFETY: leaked by `go`, ended, and nobody else has it.
        drop(unsafe { Box::from_raw(record.as_ptr()) });
    }

    fn in_runtime<T>(body: impl FnOnce() -> T) -> T {
        WORLD.with(|world| *world).event_loop.within(body)
    }

    fn ring(alarm: i64, _now: tokio::time::Instant) {
        RUNG.with_borrow_mut(|rung| rung.push(alarm));
    }
}

thread_local!(static RUNG: RefCell<Vec<i64>> = const { RefCell::new(Vec::new()) });

thread_local!(static FOREIGN: Cell<bool> = const { Cell::new(false) });

fn scheduler() -> &'static Scheduler<Plain> {
    Plain::scheduler()
}

fn go(body: impl FnOnce() + 'static) -> i64 {
    let record: &mut Coroutine<Plain> =
        Box::leak(Box::new(Coroutine::new(Local { stack: RefCell::new(None), yielder: Cell::new(std::ptr::null()) })));
    let pointer = NonNull::from(&mut *record);
    let stack = Stack::new(move |yielder, ()| {
        // SAFETY: the record outlives its stack.
        unsafe { pointer.as_ref() }.local.yielder.set(yielder);
        body();
    });
    *record.local.stack.borrow_mut() = Some(stack);
    scheduler().start(pointer)
}

fn sleep(milliseconds: u64) {
    let slept = scheduler().wait(async move { tokio::time::sleep(Duration::from_millis(milliseconds)).await });
    assert_eq!(slept, Ok(()));
}

/// Runs the loop on a paused clock: time jumps to the next timer when nothing else is left to do.
fn run() -> Outcome {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    WORLD.with(|world| *world).event_loop.run_on(runtime, scheduler())
}

/// A log of what happened, in order.
#[derive(Clone, Default)]
struct Log(Rc<RefCell<Vec<&'static str>>>);

impl Log {
    fn add(&self, text: &'static str) {
        self.0.borrow_mut().push(text);
    }

    fn all(&self) -> Vec<&'static str> {
        self.0.borrow().clone()
    }
}

#[test]
fn a_child_runs_at_once_and_its_creator_goes_on_when_it_parks() {
    let log = Log::default();
    let l = log.clone();
    go(move || {
        l.add("parent");
        let inner = l.clone();
        let child = go(move || {
            inner.add("child");
            scheduler().park(Waiting::Yield).unwrap();
            inner.add("child again");
        });
        l.add("parent goes on");
        assert!(scheduler().resume(child, Waiting::Yield));
        l.add("parent ends");
    });
    assert_eq!(log.all(), ["parent", "child", "parent goes on", "child again", "parent ends"]);
    assert_eq!(scheduler().count(), 0);
    assert_eq!(scheduler().last_id(), 2);
    assert_eq!(scheduler().peak(), 2);
}

#[test]
fn sleepers_wake_in_the_order_of_their_times() {
    let log = Log::default();
    for (time, name) in [(30, "c"), (10, "a"), (20, "b")] {
        let l = log.clone();
        // The first poll of a timer needs a clock: let the loop start them.
        go(move || {
            scheduler().wait(tokio::task::yield_now()).unwrap();
            sleep(time);
            l.add(name);
        });
    }
    assert_eq!(run(), Outcome::Finished);
    assert_eq!(log.all(), ["a", "b", "c"]);
}

#[test]
fn coroutines_that_wait_for_each_other_are_a_deadlock() {
    go(|| {
        let _ = scheduler().park(Waiting::Internal);
    });
    assert_eq!(run(), Outcome::Deadlock);
    assert_eq!(scheduler().count(), 1);
}

#[test]
fn a_sleeper_that_will_wake_the_others_is_no_deadlock() {
    let waiting = go(|| {
        scheduler().park(Waiting::Internal).unwrap();
    });
    go(move || {
        scheduler().wait(tokio::task::yield_now()).unwrap();
        sleep(5);
        scheduler().resume(waiting, Waiting::Internal);
    });
    assert_eq!(run(), Outcome::Finished);
}

#[test]
fn only_the_right_kind_of_wait_can_be_resumed() {
    let id = go(|| {
        scheduler().park(Waiting::Internal).unwrap();
    });
    assert!(!scheduler().resume(id, Waiting::Yield));
    assert!(!scheduler().resume(id + 1, Waiting::Yield));
    assert!(scheduler().resume(id, Waiting::Internal));
    assert!(!scheduler().resume(id, Waiting::Internal));
}

#[test]
fn a_cancelled_wait_drops_its_future() {
    struct Dropped(Log);
    impl Drop for Dropped {
        fn drop(&mut self) {
            self.0.add("dropped");
        }
    }
    let log = Log::default();
    let l = log.clone();
    let id = go(move || {
        let held = Dropped(l.clone());
        let outcome = scheduler().wait(async move {
            let _held = held;
            std::future::pending::<()>().await
        });
        assert_eq!(outcome, Err(Canceled));
        l.add("cancelled");
    });
    assert!(scheduler().cancel(id));
    assert_eq!(log.all(), ["dropped", "cancelled"]);
}

#[test]
fn spurious_wake_ups_do_not_enter_the_stack() {
    let count = Rc::new(Cell::new(0));
    let polls = Rc::clone(&count);
    go(move || {
        let mut left = 3;
        let done = scheduler().wait(std::future::poll_fn(move |context| {
            polls.set(polls.get() + 1);
            left -= 1;
            if left == 0 {
                return std::task::Poll::Ready(7);
            }
            context.waker().wake_by_ref();
            context.waker().wake_by_ref();
            std::task::Poll::Pending
        }));
        assert_eq!(done, Ok(7));
    });
    assert_eq!(run(), Outcome::Finished);
    assert_eq!(count.get(), 3);
}

#[test]
fn a_wake_up_from_another_thread_arrives() {
    go(|| {
        let answer = scheduler().wait(async {
            tokio::task::spawn_blocking(|| {
                FOREIGN.set(true);
                42
            })
            .await
        });
        assert_eq!(answer.unwrap().unwrap(), 42);
    });
    assert_eq!(run(), Outcome::Finished);
}

#[test]
fn a_stopped_scheduler_runs_nothing() {
    let log = Log::default();
    let l = log.clone();
    let id = go(move || {
        scheduler().park(Waiting::Yield).unwrap();
        l.add("never");
    });
    scheduler().stop();
    scheduler().resume(id, Waiting::Yield);
    assert_eq!(run(), Outcome::Stopped);
    assert!(log.all().is_empty());
}

#[test]
fn a_channel_hands_over_in_order_and_resumes_the_other_side_at_once() {
    let log = Log::default();
    let channel = Rc::new(Channel::new(1));
    let (l, c) = (log.clone(), Rc::clone(&channel));
    go(move || {
        assert_eq!(c.pop::<Plain>(None), Ok("one"));
        l.add("popped one");
        assert_eq!(c.pop::<Plain>(None), Ok("two"));
        l.add("popped two");
        assert_eq!(c.pop::<Plain>(None), Err(ChannelError::Closed));
        l.add("closed");
    });
    let l = log.clone();
    go(move || {
        channel.push::<Plain>("one", None).unwrap();
        l.add("pushed one");
        channel.push::<Plain>("two", None).unwrap();
        l.add("pushed two");
        assert!(channel.close::<Plain>());
        assert!(!channel.close::<Plain>());
    });
    assert_eq!(log.all(), ["popped one", "pushed one", "popped two", "pushed two", "closed"]);
}

#[test]
fn a_channel_times_out_and_forgets_the_waiter() {
    let channel = Rc::new(Channel::<u8>::new(1));
    let c = Rc::clone(&channel);
    go(move || {
        scheduler().wait(tokio::task::yield_now()).unwrap();
        assert_eq!(c.pop::<Plain>(Some(Duration::from_secs(3600))), Err(ChannelError::TimedOut));
        assert_eq!(c.consumers(), 0);
        c.push::<Plain>(1, None).unwrap();
        assert_eq!(c.push::<Plain>(2, Some(Duration::from_secs(1))), Err((2, ChannelError::TimedOut)));
        assert_eq!((c.producers(), c.len()), (0, 1));
    });
    assert_eq!(run(), Outcome::Finished);
}

#[test]
fn a_cancelled_waiter_leaves_the_channel() {
    let channel = Rc::new(Channel::<u8>::new(1));
    let c = Rc::clone(&channel);
    let id = go(move || assert_eq!(c.pop::<Plain>(None), Err(ChannelError::Canceled)));
    assert_eq!(channel.consumers(), 1);
    scheduler().cancel(id);
    assert_eq!(channel.consumers(), 0);
}

#[test]
fn alarms_and_sleepers_go_off_in_the_order_of_their_times() {
    let log = Log::default();
    let l = log.clone();
    go(move || {
        scheduler().wait(tokio::task::yield_now()).unwrap();
        let now = tokio::time::Instant::now();
        let later = |milliseconds| now + Duration::from_millis(milliseconds);
        scheduler().set_alarm(later(30), 3);
        let cleared = scheduler().set_alarm(later(10), 1);
        scheduler().set_alarm(later(20), 2);
        assert_eq!(scheduler().with_alarm(cleared, |alarm| *alarm), Some(1));
        assert_eq!(scheduler().clear_alarm(cleared), Some(1));
        assert_eq!(scheduler().clear_alarm(cleared), None);
        assert_eq!(scheduler().park_until(Waiting::External, later(25)), Ok(Parked::TimedOut));
        assert_eq!(RUNG.with_borrow(Vec::clone), [2]);
        l.add("slept");
    });
    assert_eq!(run(), Outcome::Finished);
    assert_eq!((log.all().len(), RUNG.with_borrow(Vec::clone)), (1, vec![2, 3]));
}

#[test]
fn a_resumed_wait_takes_its_alarm_along() {
    let id = go(|| {
        let until = tokio::time::Instant::now() + Duration::from_secs(3600);
        assert_eq!(scheduler().park_until(Waiting::Internal, until), Ok(Parked::Resumed));
        assert_eq!(scheduler().park_until(Waiting::Internal, until), Err(Canceled));
    });
    assert_eq!(scheduler().alarms(), 1);
    assert!(scheduler().resume(id, Waiting::Internal));
    assert!(scheduler().cancel(id));
    assert_eq!(scheduler().alarms(), 0);
    assert_eq!(run(), Outcome::Finished);
}

/// A source that wants `turns` turns and notes when it is told what.
struct Turns {
    left: Cell<u32>,
    log: Log,
}

impl super::source::Source for Turns {
    fn turn(&self, _context: &mut std::task::Context<'_>) {
        self.log.add("turn");
        assert!(scheduler().current().is_none());
        // Outside of any task: a runtime of its own would not be refused.
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {});
        self.left.set(self.left.get().saturating_sub(1));
        if self.left.get() > 0 {
            scheduler().request_turn();
        }
    }

    fn alive(&self) -> bool {
        self.left.get() > 0
    }

    fn detach(&self, leaving: super::source::Leaving) {
        assert_eq!(leaving, super::source::Leaving::Ended);
        self.log.add("detached");
    }

    fn reset(&self) {
        self.log.add("reset");
    }
}

#[test]
fn sources_keep_the_loop_alive_and_leave_tasks_their_time() {
    let log = Log::default();
    let source: &'static Turns = Box::leak(Box::new(Turns { left: Cell::new(3), log: log.clone() }));
    scheduler().register(source, super::source::Phase::Cycle);
    scheduler().register(source, super::source::Phase::Cycle);
    let l = log.clone();
    go(move || {
        scheduler().wait(tokio::task::yield_now()).unwrap();
        l.add("coroutine");
    });
    assert_eq!(run(), Outcome::Finished);
    assert_eq!(log.all(), ["coroutine", "turn", "turn", "turn", "detached"]);
    scheduler().reset();
    assert_eq!(log.all().last(), Some(&"reset"));
}
