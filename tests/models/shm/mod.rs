//! The lock protocols of `src/shm`, and the model of what they stand on.

#[path = "../../../src/shm/mutex.rs"]
pub mod mutex;

pub mod table;

pub(crate) mod sync {
    pub(crate) use loom::sync::atomic::{AtomicU64, Ordering, fence};

    pub(crate) const SPINS: u32 = 1;

    pub(crate) fn spin_loop() {}

    pub(crate) fn pause(_round: u32) -> bool {
        loom::thread::yield_now();
        super::process::anyone_died()
    }
}

/// A process is a thread of the model.
pub(crate) mod process {
    use loom::sync::atomic::{AtomicU64, Ordering};
    use std::sync::Arc;

    pub(crate) type Owner = u64;

    // loom runs all threads of one execution on one thread of the system.
    std::thread_local! {
        static WORLD: std::cell::RefCell<Option<Arc<World>>> = const { std::cell::RefCell::new(None) };
    }

    loom::thread_local! {
        static ME: std::cell::Cell<Owner> = std::cell::Cell::new(1);
    }

    /// What the kernel knows.
    pub(crate) struct World {
        died: AtomicU64,
        pub(crate) sleepers: loom::sync::Mutex<()>,
        pub(crate) awake: loom::sync::Condvar,
    }

    /// Begins an execution.
    pub(crate) fn begin() {
        let world =
            World { died: AtomicU64::new(0), sleepers: loom::sync::Mutex::new(()), awake: loom::sync::Condvar::new() };
        WORLD.set(Some(Arc::new(world)));
    }

    /// Ends it: loom wants everything dropped.
    pub(crate) fn end() {
        WORLD.set(None);
    }

    pub(crate) fn world() -> Arc<World> {
        WORLD.with_borrow(|world| world.clone().expect("an execution runs"))
    }

    pub(crate) fn become_process(number: Owner) {
        ME.with(|me| me.set(number));
    }

    pub(crate) fn me() -> Owner {
        ME.with(std::cell::Cell::get)
    }

    /// This process runs no more. What it has stored is there before the kernel says so.
    pub(crate) fn die() {
        let world = world();
        world.died.store(me(), Ordering::Release);
        let _kernel = world.sleepers.lock().expect("no panic");
        world.awake.notify_all();
    }

    pub(crate) fn anyone_died() -> bool {
        world().died.load(Ordering::Acquire) != 0
    }

    pub(crate) fn is_dead(owner: Owner) -> bool {
        world().died.load(Ordering::Acquire) == owner
    }
}

pub(crate) mod futex {
    use super::process;
    use loom::sync::atomic::{AtomicU64, Ordering};
    use std::time::Duration;

    #[derive(PartialEq)]
    pub enum Wake {
        Woken,
        Changed,
        TimedOut,
    }

    pub fn wait_low(word: &AtomicU64, expected: u64, _limit: Duration) -> Wake {
        let world = process::world();
        let kernel = world.sleepers.lock().expect("no panic");
        if word.load(Ordering::SeqCst) as u32 != expected as u32 {
            return Wake::Changed;
        }
        if process::anyone_died() {
            drop(kernel);
            loom::thread::yield_now();
            return Wake::TimedOut;
        }
        drop(world.awake.wait(kernel).expect("no panic"));
        if process::anyone_died() { Wake::TimedOut } else { Wake::Woken }
    }

    pub fn wake_low(_word: &AtomicU64, _count: i32) -> usize {
        let world = process::world();
        let _kernel = world.sleepers.lock().expect("no panic");
        world.awake.notify_one();
        1
    }
}
