//! `exit_condition`: the user's function that is asked whether a loop with nothing left to do may end.

use super::engine::{OnPhpThread, scheduler};
use crate::zend::callable::Callable;
use crate::zend::{self, sys};
use std::cell::RefCell;

static CONDITION: OnPhpThread<RefCell<Option<Callable>>> = OnPhpThread(RefCell::new(None));

/// Sets or removes it: called on the root stack; the loop goes on if it returns false.
pub fn set(condition: Option<Callable>) {
    let before = CONDITION.0.replace(condition);
    drop(before);
}

/// Asks it.
pub(super) fn may_end() -> bool {
    let condition = CONDITION.0.borrow().clone();
    let Some(condition) = condition else { return true };
    let mut yes = true;
    let called = || match condition.call(&[]) {
        Ok(answer) => yes = !answer.is_false(),
        Err(_) if !zend::exit_pending() => zend::report_exception(sys::E_ERROR),
        Err(_) => {}
    };
    // A fatal error must not jump over the loop's frames.
    if !zend::guarded(called) || zend::exit_pending() || zend::bailout_requested() {
        scheduler().stop();
        return false;
    }
    yes
}
