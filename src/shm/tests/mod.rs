//! Tests with real processes.

mod locks;
mod table;
mod table_crash;

/// A child that runs `body` and ends without returning into the test.
pub(super) struct Child(libc::pid_t);

impl Child {
    /// Forks. `body` must not touch locks of the test harness: it allocates nothing and prints nothing.
    pub(super) fn run(body: impl FnOnce() -> bool) -> Self {
        // SAFETY: the child only runs `body`, then leaves.
        match unsafe { libc::fork() } {
            -1 => panic!("fork: {}", std::io::Error::last_os_error()),
            0 => {
                let code = i32::from(!body());
                // SAFETY: ends the child without running anything of the parent's.
                unsafe { libc::_exit(code) }
            }
            pid => Self(pid),
        }
    }

    /// A child that runs `body`, says so through `ready`, and stays until it is killed.
    pub(super) fn hold(ready: &std::sync::atomic::AtomicU32, body: impl FnOnce()) -> Self {
        let child = Self::run(|| {
            body();
            ready.store(1, std::sync::atomic::Ordering::SeqCst);
            loop {
                // SAFETY: waits for a signal.
                unsafe { libc::pause() };
            }
        });
        while ready.load(std::sync::atomic::Ordering::SeqCst) == 0 {
            std::thread::yield_now();
        }
        ready.store(0, std::sync::atomic::Ordering::SeqCst);
        child
    }

    /// Kills it; it stays a zombie until it is dropped.
    pub(super) fn kill(&self) {
        // SAFETY: our own child, not reaped yet.
        unsafe { libc::kill(self.0, libc::SIGKILL) };
    }

    /// Whether it ended by itself and `body` was true.
    pub(super) fn succeeded(self) -> bool {
        let mut status = -1;
        // SAFETY: our own child.
        unsafe { libc::waitpid(self.0, &mut status, 0) };
        std::mem::forget(self);
        status == 0
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
        // SAFETY: our own child.
        unsafe { libc::waitpid(self.0, std::ptr::null_mut(), 0) };
    }
}
