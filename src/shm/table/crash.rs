//! Places where tests let a process die.

#[cfg(test)]
thread_local! {
    /// How many points to pass before dying; negative is never.
    pub(crate) static COUNTDOWN: std::cell::Cell<i32> = const { std::cell::Cell::new(-1) };
}

/// A moment between two stores that others could see apart.
#[inline(always)]
pub(crate) fn point() {
    #[cfg(test)]
    COUNTDOWN.with(|left| {
        if left.get() == 0 {
            // SAFETY: ends this process without another instruction.
            unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };
        }
        left.set(left.get() - 1);
    });
}
