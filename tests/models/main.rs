//! Every interleaving of the lock protocols, by loom: the very sources of `src/shm`, compiled against its threads and a model of the kernel.
//!
//! The model's kernel puts a thread to sleep for ever unless it is woken: a lost wake-up is a deadlock, which loom reports. Only where
//! a process dies does a sleep end by itself, as it always does in truth.
//!
//! A few seconds: `cargo test --no-default-features --test models`.

#[allow(dead_code, unreachable_pub, reason = "sources of the library, of which the models use a part")]
mod shm;

use loom::sync::Arc;
use loom::sync::atomic::{AtomicU64, Ordering};
use shm::mutex::{Mutex, Patience};
use shm::process;
use shm::table::latch::Latch;

/// Runs `body` in every interleaving with at most three preemptions.
fn explore(body: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(3);
    builder.check(move || {
        process::begin();
        body();
        process::end();
    });
}

/// Runs `body` as process `number`.
fn spawn(number: u64, body: impl FnOnce() + 'static) -> loom::thread::JoinHandle<()> {
    loom::thread::spawn(move || {
        process::become_process(number);
        body();
    })
}

/// A mutex and what it protects: a number, changed in two steps.
#[derive(Default)]
struct Guarded {
    mutex: Mutex,
    number: AtomicU64,
}

impl Guarded {
    fn add(&self) {
        assert!(self.mutex.lock(Patience::Endless).is_ok());
        let number = self.number.load(Ordering::Relaxed);
        self.number.store(number + 1, Ordering::Relaxed);
        self.mutex.unlock();
    }
}

#[test]
fn a_mutex_excludes_and_loses_no_wake_up() {
    explore(|| {
        let guarded = Arc::new(Guarded::default());
        let others: Vec<_> = (2..4)
            .map(|number| {
                let guarded = guarded.clone();
                spawn(number, move || guarded.add())
            })
            .collect();
        guarded.add();
        others.into_iter().for_each(|other| other.join().expect("no panic"));
        assert_eq!(guarded.number.load(Ordering::Relaxed), 3);
        assert!(!guarded.mutex.is_locked());
    });
}

#[test]
fn a_mutex_of_the_dead_goes_to_one_of_those_who_wait() {
    explore(|| {
        let guarded = Arc::new(Guarded::default());
        let dead = guarded.clone();
        let dead = spawn(2, move || {
            assert!(dead.mutex.lock(Patience::Endless).is_ok());
            process::die();
        });
        let other = guarded.clone();
        let other = spawn(3, move || other.add());
        guarded.add();
        dead.join().expect("no panic");
        other.join().expect("no panic");
        // The dead one may have come last.
        assert!(guarded.mutex.lock(Patience::Try).is_ok());
        assert_eq!(guarded.number.load(Ordering::Relaxed), 2);
    });
}

/// A row as the table has it: two sides, of which one is current; both words of a side belong together.
#[derive(Default)]
struct Row {
    latch: Latch,
    state: AtomicU64,
    sides: [[AtomicU64; 2]; 2],
}

impl Row {
    /// Writes the side that is not current, commits and publishes. Dies at step `death`, if it comes to it.
    fn write(&self, number: u64, death: u64) {
        let held = self.latch.lock();
        let state = self.state.load(Ordering::Acquire);
        for (step, word) in self.sides[1 - state as usize].iter().enumerate() {
            if death == step as u64 {
                std::mem::forget(held);
                return process::die();
            }
            word.store(number, Ordering::Relaxed);
        }
        self.state.store(1 - state, Ordering::Release);
        if death == 2 {
            std::mem::forget(held);
            return process::die();
        }
        held.publish();
    }

    fn read(&self) -> (u64, u64) {
        self.latch.read(|_| {
            let [first, second] = &self.sides[self.state.load(Ordering::Acquire) as usize];
            (first.load(Ordering::Relaxed), second.load(Ordering::Relaxed))
        })
    }
}

const LIVES: u64 = u64::MAX;

#[test]
fn readers_see_whole_rows() {
    explore(|| {
        let row = Arc::new(Row::default());
        let writer = row.clone();
        let writer = spawn(2, move || {
            writer.write(1, LIVES);
            writer.write(2, LIVES);
        });
        let (first, second) = row.read();
        assert_eq!(first, second);
        writer.join().expect("no panic");
        assert_eq!(row.read(), (2, 2));
    });
}

#[test]
fn writers_exclude_each_other() {
    explore(|| {
        let row = Arc::new(Row::default());
        let other = row.clone();
        let other = spawn(2, move || other.write(1, LIVES));
        row.write(2, LIVES);
        let (first, second) = row.read();
        assert_eq!(first, second);
        other.join().expect("no panic");
        assert_eq!(row.read().0, row.read().1);
    });
}

/// A writer dies at `death`, another comes after it, and a third process reads meanwhile.
fn a_writer_dies(death: u64) {
    explore(move || {
        let row = Arc::new(Row::default());
        let (dead, heir) = (row.clone(), row.clone());
        let dead = spawn(2, move || dead.write(1, death));
        let heir = spawn(3, move || {
            heir.write(2, LIVES);
            heir.write(3, LIVES);
        });
        let (first, second) = row.read();
        assert_eq!(first, second);
        dead.join().expect("no panic");
        heir.join().expect("no panic");
        let (first, second) = row.read();
        assert_eq!(first, second);
        row.write(4, LIVES);
        assert_eq!(row.read(), (4, 4));
    });
}

#[test]
fn a_writer_dies_before_it_writes() {
    a_writer_dies(0);
}

#[test]
fn a_writer_dies_between_two_words() {
    a_writer_dies(1);
}

#[test]
fn a_writer_dies_between_commit_and_publication() {
    a_writer_dies(2);
}
