//! Names that are looked up while the loop goes on.

use crate::coroutine::engine;
use crate::coroutine::pool;
use crate::coroutine::source::{Leaving, Phase, Source};
use crate::io::names;
use std::cell::RefCell;
use std::future::Future;
use std::net::IpAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::task::JoinHandle;

/// One look-up, and who wants to know.
struct Lookup {
    answer: JoinHandle<Option<IpAddr>>,
    done: Box<dyn FnOnce(Option<IpAddr>)>,
}

thread_local! {
    static PENDING: RefCell<Vec<Lookup>> = const { RefCell::new(Vec::new()) };
}

/// Looks a name up on another thread; `done` is called in a turn of the loop.
pub(super) fn start(name: Vec<u8>, family: i32, done: impl FnOnce(Option<IpAddr>) + 'static) {
    engine::register(&LOOKUPS, Phase::Events);
    let answer = engine::within(|| pool::spawn(move || names::first_address(&name, family)));
    PENDING.with_borrow_mut(|pending| pending.push(Lookup { answer, done: Box::new(done) }));
    engine::request_turn();
}

struct Lookups;

static LOOKUPS: Lookups = Lookups;

impl Source for Lookups {
    fn turn(&self, context: &mut Context<'_>) {
        let mut ready = Vec::new();
        PENDING.with_borrow_mut(|pending| {
            let mut index = 0;
            while let Some(lookup) = pending.get_mut(index) {
                match Pin::new(&mut lookup.answer).poll(context) {
                    Poll::Ready(answer) => ready.push((pending.remove(index).done, answer.ok().flatten())),
                    Poll::Pending => index += 1,
                }
            }
        });
        for (done, answer) in ready {
            done(answer);
        }
    }

    fn alive(&self) -> bool {
        PENDING.with_borrow(|pending| !pending.is_empty())
    }

    fn detach(&self, leaving: Leaving) {
        // The threads belong to the runtime that goes away.
        let gone = PENDING.take();
        if leaving == Leaving::Forked {
            std::mem::forget(gone);
        }
    }

    fn reset(&self) {
        drop(PENDING.take());
    }
}
