//! Look-ups that libcurl makes on threads of its own and waits for with `pthread_join`, even when nobody wants them any more: for as
//! long as a name server that does not answer takes.
//!
//! Such a look-up runs on another thread again, which owns all it touches, while libcurl's thread waits for it or for being told to
//! give up. So the thread ends, and is joined, within a moment of a cancel or a time-out.

use super::gate::{self, KeepErrno, Parked};
use super::names::{self, List, Question};
use crate::coroutine::engine;
use std::ffi::{c_int, c_void};
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

#[derive(Default)]
struct Lookup {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
enum State {
    #[default]
    Running,
    GivenUp,
    Done(c_int, i32, List),
}

/// A thread that has not begun its look-up yet is told to give it up again.
const AGAIN: Duration = Duration::from_millis(5);

/// A thread's number: where libc calls it by a pointer, that.
fn number(thread: libc::pthread_t) -> usize {
    thread as usize
}

/// Look-ups that threads wait for.
static RUNNING: Mutex<Vec<(usize, Arc<Lookup>)>> = Mutex::new(Vec::new());

/// Asks for `question` on a thread of libcurl's: the code, the error number and the addresses; none when it has to be done as ever.
pub(super) fn ask(question: Question) -> Option<(c_int, i32, List)> {
    // SAFETY: this thread's own.
    let this = number(unsafe { libc::pthread_self() });
    let lookup = Arc::new(Lookup::default());
    let told = Arc::clone(&lookup);
    let asker = std::thread::Builder::new().name("lookup".to_owned()).spawn(move || {
        let (code, number, list) = names::look_up(&question);
        *told.state.lock().unwrap_or_else(PoisonError::into_inner) = State::Done(code, number, list);
        told.changed.notify_one();
    });
    drop(asker.ok()?);
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner).push((this, Arc::clone(&lookup)));
    let state = lookup.state.lock().unwrap_or_else(PoisonError::into_inner);
    let waited = lookup.changed.wait_while(state, |state| matches!(state, State::Running));
    let state = std::mem::replace(&mut *waited.unwrap_or_else(PoisonError::into_inner), State::GivenUp);
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner).retain(|(_, one)| !Arc::ptr_eq(one, &lookup));
    Some(match state {
        State::Done(code, number, list) => (code, number, list),
        _ => (libc::EAI_AGAIN, libc::ECANCELED, List::none()),
    })
}

/// Has this thread's look-up, if it makes one, end now.
fn give_up(thread: usize) {
    let running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
    for (_, lookup) in running.iter().filter(|(one, _)| *one == thread) {
        let mut state = lookup.state.lock().unwrap_or_else(PoisonError::into_inner);
        if matches!(*state, State::Running) {
            *state = State::GivenUp;
            lookup.changed.notify_one();
        }
    }
}

pub(super) unsafe extern "C" fn pthread_join(thread: libc::pthread_t, value: *mut *mut c_void) -> c_int {
    let Some(id) = gate::coroutine_if(names::CURL) else {
        // SAFETY: the caller's arguments as they are.
        return unsafe { libc::pthread_join(thread, value) };
    };
    // Its caller gave up what it was doing.
    let mut unwanted = gate::ended_early(id);
    let _errno = KeepErrno::new();
    let _parked = Parked::new();
    let thread = number(thread);
    let mut task = engine::within(|| {
        tokio::task::spawn_blocking(move || {
            let mut result = std::ptr::null_mut();
            // SAFETY: the caller gives the thread up; it is joined once, here.
            let code = unsafe { libc::pthread_join(thread as libc::pthread_t, &mut result) };
            (code, result.expose_provenance())
        })
    });
    loop {
        // Its caller frees what the thread uses: a cancelled coroutine waits on, for a thread that gives up.
        if unwanted {
            give_up(thread);
        }
        match engine::scheduler().wait_for(&mut task, unwanted.then_some(AGAIN)) {
            Ok(Some(Ok((code, result)))) => {
                if !value.is_null() {
                    // SAFETY: the caller's place for the result.
                    unsafe { *value = std::ptr::with_exposed_provenance_mut(result) };
                }
                return code;
            }
            Ok(Some(Err(_))) => return libc::ESRCH,
            Ok(None) => {}
            Err(_) => unwanted = true,
        }
    }
}
