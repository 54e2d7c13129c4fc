//! What the event loop serves besides coroutines: watched descriptors, signals, deferred calls.
//!
//! The loop takes turns. In a turn every [`Source`] is asked, in the order of their [`Phase`]s, on the root stack and outside
//! of any tokio task: PHP code called from there may do what it may do at the top level (fork, run another loop in the child).

use std::cell::{Cell, RefCell};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Wake, Waker};

/// When in a turn a source is served. Timers have their place between signals and deferred calls.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Phase {
    /// Descriptors that are ready.
    Events,
    /// Signals that arrived.
    Signals,
    /// Calls put off to the end of the turn.
    Deferred,
    /// What runs once in each turn.
    Cycle,
}

/// Why the runtime goes away under a source.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Leaving {
    /// The loop has ended: drop what was made in its runtime.
    Ended,
    /// This process is a fork's child and the runtime is its parent's: forget what was made in it without dropping, since
    /// dropping would take it away from the parent.
    Forked,
}

/// A thing besides coroutines that the loop serves.
pub trait Source {
    /// Serves what is due. Polls the source's futures with `context`, which asks for another turn when one is ready.
    fn turn(&self, context: &mut Context<'_>);

    /// Whether the loop has to go on for it.
    fn alive(&self) -> bool;

    /// Gives up what was made in the runtime; what is watched stays watched and is made anew in the next turn.
    fn detach(&self, leaving: Leaving);

    /// Forgets everything: the request ends, or a fork's child starts over. [`Source::detach`] came before.
    fn reset(&self);
}

/// The sources of one thread, by phase.
pub(super) struct Sources {
    list: RefCell<Vec<(Phase, &'static dyn Source)>>,
    /// A turn was asked for on the loop's own thread.
    due: Cell<bool>,
    bell: RefCell<Option<Arc<Bell>>>,
}

/// Asks for a turn from a future's waker, on any thread.
#[derive(Default)]
struct Bell {
    rung: AtomicBool,
    main: Mutex<Option<Waker>>,
}

impl Bell {
    fn main(&self) -> std::sync::MutexGuard<'_, Option<Waker>> {
        // A panic cannot leave a plain assignment half-done.
        self.main.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        if !self.rung.swap(true, Ordering::AcqRel) {
            let main = self.main().clone();
            if let Some(main) = main {
                main.wake();
            }
        }
    }
}

impl Sources {
    pub(super) const fn new() -> Self {
        Self { list: RefCell::new(Vec::new()), due: Cell::new(false), bell: RefCell::new(None) }
    }

    pub(super) fn register(&self, source: &'static dyn Source, phase: Phase) {
        let mut list = self.list.borrow_mut();
        if !list.iter().any(|(_, known)| std::ptr::addr_eq(*known, source)) {
            let place = list.partition_point(|(before, _)| *before <= phase);
            list.insert(place, (phase, source));
            self.due.set(true);
        }
    }

    pub(super) fn request(&self) {
        self.due.set(true);
    }

    /// Whether a turn was asked for on this thread.
    pub(super) fn asked(&self) -> bool {
        self.due.get()
    }

    /// Whether a turn was asked for; whoever asks next wakes `main`.
    pub(super) fn due(&self, main: &Waker) -> bool {
        if self.due.get() {
            return true;
        }
        let bell = self.bell.borrow();
        let Some(bell) = &*bell else { return false };
        {
            let mut waker = bell.main();
            if !waker.as_ref().is_some_and(|known| known.will_wake(main)) {
                *waker = Some(main.clone());
            }
        }
        bell.rung.load(Ordering::Acquire)
    }

    pub(super) fn alive(&self) -> bool {
        self.list.borrow().iter().any(|(_, source)| source.alive())
    }

    /// Calls `serve` with each source of `phases`, in order, until it says false.
    fn each(&self, phases: std::ops::RangeInclusive<Phase>, mut serve: impl FnMut(&'static dyn Source) -> bool) {
        let mut index = 0;
        loop {
            let next = self.list.borrow().get(index).copied();
            let Some((phase, source)) = next else { break };
            if phases.contains(&phase) && !serve(source) {
                break;
            }
            // One that was registered meanwhile may have moved it.
            let same = |(_, other): &(Phase, &'static dyn Source)| std::ptr::addr_eq(*other, source);
            index = self.list.borrow().iter().position(same).unwrap_or(index) + 1;
        }
    }

    /// Serves all sources; `timers` runs in its place among them. Both stop when `stopped` says so.
    pub(super) fn turn(&self, timers: impl FnOnce(), stopped: impl Fn() -> bool) {
        let bell = Arc::clone(self.bell.borrow_mut().get_or_insert_default());
        self.due.set(false);
        bell.rung.store(false, Ordering::Release);
        let waker = Waker::from(bell);
        let mut context = Context::from_waker(&waker);
        let mut serve = |source: &'static dyn Source| {
            source.turn(&mut context);
            !stopped()
        };
        self.each(Phase::Events..=Phase::Signals, &mut serve);
        if !stopped() {
            timers();
        }
        if !stopped() {
            self.each(Phase::Deferred..=Phase::Cycle, &mut serve);
        }
    }

    pub(super) fn detach(&self, leaving: Leaving) {
        self.each(Phase::Events..=Phase::Cycle, |source| {
            source.detach(leaving);
            true
        });
        if let Some(bell) = &*self.bell.borrow() {
            // The waker of a loop that is no more; a child's copy may be locked by a thread that it has not.
            if leaving == Leaving::Ended {
                *bell.main() = None;
            }
        }
        if leaving == Leaving::Forked {
            std::mem::forget(self.bell.borrow_mut().take());
        }
        // The next loop starts with a turn, in which each source makes anew what it needs.
        self.due.set(!self.list.borrow().is_empty());
    }

    pub(super) fn reset(&self) {
        self.each(Phase::Events..=Phase::Cycle, |source| {
            source.reset();
            true
        });
    }
}
