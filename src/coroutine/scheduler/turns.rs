//! Turns of the loop: alarms, sources, and when there is nothing left to do.

use super::{Alarm, Event, Machine, Outcome, Scheduler, Wake};
use crate::coroutine::source::{Phase, Source};
use crate::coroutine::timers::Key;
use crate::local_task;
use std::future::Future;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

impl<M: Machine> Scheduler<M> {
    /// Has [`Machine::ring`] called with `alarm` when `deadline` has passed.
    pub fn set_alarm(&self, deadline: Instant, alarm: M::Alarm) -> Key {
        self.add_alarm(deadline, Alarm::Machine(alarm))
    }

    /// Takes an alarm back; `None` when it has gone off.
    pub fn clear_alarm(&self, key: Key) -> Option<M::Alarm> {
        match self.timers.borrow_mut().cancel(key)? {
            Alarm::Machine(alarm) => Some(alarm),
            Alarm::Coroutine(_) => None,
        }
    }

    /// Looks at an alarm; `None` when it has gone off.
    pub fn with_alarm<T>(&self, key: Key, look: impl FnOnce(&M::Alarm) -> T) -> Option<T> {
        match self.timers.borrow().get(key)? {
            Alarm::Machine(alarm) => Some(look(alarm)),
            Alarm::Coroutine(_) => None,
        }
    }

    pub(super) fn forget_alarms(&self) {
        // Dropped after the borrow: what alarms own may set others when it goes.
        let timers = self.timers.borrow_mut().clear();
        drop(timers);
    }

    pub(super) fn add_alarm(&self, deadline: Instant, alarm: Alarm<M::Alarm>) -> Key {
        let (key, next) = self.timers.borrow_mut().add(deadline, alarm);
        if next {
            self.wake_idle();
        }
        key
    }

    /// Number of alarms that have not gone off or are just doing so: sleeping coroutines, time-outs and the machine's.
    pub fn alarms(&self) -> usize {
        self.timers.borrow().len() + usize::from(self.ringing.get())
    }

    /// Has `source` served in every turn from now on; a second time changes nothing.
    pub fn register(&self, source: &'static dyn Source, phase: Phase) {
        self.sources.register(source, phase);
        self.wake_idle();
    }

    /// Asks for a turn of the loop, for a source that has something due.
    pub fn request_turn(&self) {
        self.sources.request();
        self.wake_idle();
    }

    /// Whether rounds of the loop are observed: from now on each burst of activity ends with a turn, and a deadline that has
    /// passed waits for the next round if it was set since the last one, as Swoole's do. Otherwise both would only cost time.
    pub fn keep_rounds(&self, keep: bool) {
        self.rounds.set(keep);
    }

    /// Whether this turn ends a round: something ran since the last one.
    pub fn in_round(&self) -> bool {
        self.round.get()
    }

    /// Says whether something ran since the last round; coroutines that run are noted of themselves.
    pub fn note_activity(&self, ran: bool) {
        self.round.set(ran);
    }

    /// Ends the loop after this round, whatever still waits; all alarms are forgotten.
    pub fn leave(&self) {
        self.forget_alarms();
        self.leaving.set(true);
        self.request_turn();
    }

    /// Whether [`Scheduler::leave`] was called since the loop began.
    pub(in crate::coroutine) fn leaving(&self) -> bool {
        self.leaving.get()
    }

    /// The loop begins or ends.
    pub(in crate::coroutine) fn begin(&self) {
        if self.leaving.replace(false) {
            self.forget_alarms();
        }
        self.round.set(false);
    }

    /// Has the next loop wait for something to happen before it asks whether it may end.
    pub fn hold_end(&self) {
        self.held.set(true);
    }

    /// Whether this loop begins so.
    pub(in crate::coroutine) fn begins_held(&self) -> bool {
        self.held.take()
    }

    /// How the loop ends, if nothing will happen any more.
    pub fn outcome(&self) -> Option<Outcome> {
        if self.leaving.get() {
            return Some(if self.count() == 0 { Outcome::Finished } else { Outcome::Deadlock });
        }
        if self.has_work() {
            None
        } else if self.count() == 0 {
            Some(Outcome::Finished)
        } else {
            (self.external.get() == 0 && self.ready.borrow().is_empty()).then_some(Outcome::Deadlock)
        }
    }

    /// Whether something besides coroutines keeps the loop going.
    pub fn has_work(&self) -> bool {
        !self.timers.borrow().is_empty() || self.sources.alive()
    }

    /// Ready when a turn is due or nothing is left to do: the main future of a loop. With `held`, the end was refused just now
    /// and comes again when something has happened meanwhile.
    pub(in crate::coroutine) async fn next_event(&self, held: bool) -> Event {
        let mut first = true;
        std::future::poll_fn(|context| {
            local_task::catch_up();
            self.idle_due.set(false);
            if !self.idle.borrow().as_ref().is_some_and(|waker| waker.will_wake(context.waker())) {
                *self.idle.borrow_mut() = Some(context.waker().clone());
            }
            if self.stopped.get() {
                return Poll::Ready(Event::End(Outcome::Stopped));
            }
            let first = std::mem::replace(&mut first, false);
            if self.sources.due(context.waker()) {
                if !first {
                    return Poll::Ready(Event::Turn);
                }
                // Between two turns tasks and the I/O driver get theirs.
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            let deadline = self.timers.borrow_mut().next_deadline();
            if let Some(deadline) = deadline {
                if self.poll_clock(deadline, context).is_ready() {
                    return Poll::Ready(Event::Turn);
                }
            } else {
                self.clock.take();
                if let Some(outcome) = self.outcome()
                    && (!held || !first || self.leaving.get())
                {
                    return Poll::Ready(Event::End(outcome));
                }
            }
            Poll::Pending
        })
        .await
    }

    /// Ready when a deadline has passed. Most are taken back before: as long as the runtime's timer goes off earlier it is left alone, and
    /// set anew then.
    fn poll_clock(&self, deadline: Instant, context: &mut Context<'_>) -> Poll<()> {
        let mut clock = self.clock.borrow_mut();
        let clock = clock.get_or_insert_with(|| Box::pin(sleep_until(by_whole_milliseconds(deadline))));
        if clock.deadline() > deadline {
            clock.as_mut().reset(by_whole_milliseconds(deadline));
        }
        while clock.as_mut().poll(context).is_ready() {
            if deadline <= Instant::now() {
                return Poll::Ready(());
            }
            clock.as_mut().reset(by_whole_milliseconds(deadline));
        }
        Poll::Pending
    }

    /// One turn of the loop, on the root stack and inside the runtime's context but outside of its tasks: what is due among the
    /// sources and timers. I/O that became ready has had its tasks before.
    ///
    /// True when a round ended: something ran since the last one.
    pub(in crate::coroutine) fn turn(&self) -> bool {
        self.idle_due.set(true);
        self.sources.turn(|| self.ring_alarms(), || self.stopped.get());
        let round = self.round.replace(false);
        if round {
            self.timers.borrow_mut().settle();
        }
        round
    }

    /// Rings the alarms that are due, for who waits without the loop; says when the next one is.
    pub fn serve_alarms(&self) -> Option<Instant> {
        self.ring_alarms();
        let mut timers = self.timers.borrow_mut();
        // Each call is a round: nothing else would end it.
        if self.round.replace(false) {
            timers.settle();
        }
        timers.next_deadline()
    }

    /// Whether the turn asked for another one, and nothing else has to run before it.
    pub(in crate::coroutine) fn goes_on(&self) -> bool {
        self.sources.asked() && !self.stopped.get() && !self.leaving.get() && self.ready.borrow().is_empty()
    }

    fn ring_alarms(&self) {
        let next = self.timers.borrow_mut().next_deadline();
        if let Some(next) = next {
            // What is added meanwhile is for a later turn: its deadline is after this moment.
            let now = Instant::now();
            if next <= now {
                self.round.set(true);
            }
            while !self.stopped.get() {
                let due = self.timers.borrow_mut().pop(now, self.rounds.get());
                self.ringing.set(due.is_some());
                match due {
                    Some(Alarm::Coroutine(id)) => self.time_out(id),
                    Some(Alarm::Machine(alarm)) => M::ring(alarm, now),
                    None => break,
                }
            }
        }
        self.timers.borrow_mut().looked();
    }

    fn time_out(&self, id: i64) {
        let Some(record) = self.records.borrow().get(id) else { return };
        // SAFETY: in the map, so alive.
        unsafe { record.as_ref() }.wake.set(Wake::TimedOut);
        self.enter(record);
    }
}

/// What to ask of the runtime's timer for this deadline. It counts whole milliseconds of its own, and so does epoll: asked for the deadline
/// itself, both round up, and one millisecond becomes two. So this is before the deadline, but waits as many milliseconds as there are until
/// then, begun ones counted whole.
fn by_whole_milliseconds(deadline: Instant) -> Instant {
    const ONE: Duration = Duration::from_millis(1);
    let now = Instant::now();
    let left = deadline.saturating_duration_since(now);
    let rest = Duration::from_nanos(u64::from(left.subsec_nanos()) % 1_000_000);
    let whole = if rest.is_zero() { left } else { left - rest + ONE };
    if whole.is_zero() { deadline } else { now + (whole - ONE) + Duration::from_nanos(1) }
}
