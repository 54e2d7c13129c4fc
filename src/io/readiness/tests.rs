use super::*;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::IntoRawFd;
use std::os::unix::net::UnixStream;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn run<F: Future>(body: F) -> F::Output {
    runtime().block_on(async { tokio::time::timeout(Duration::from_secs(20), body).await.expect("hangs") })
}

fn pair() -> (UnixStream, UnixStream) {
    let (a, b) = UnixStream::pair().unwrap();
    a.set_nonblocking(true).unwrap();
    (a, b)
}

/// Starts a wait and lets it take its place.
async fn waiting_task(fd: RawFd, interest: Interest, who: i64) -> JoinHandle<Result<Ready, WaitError>> {
    let task = tokio::spawn(wait(fd, interest, who));
    tokio::task::yield_now().await;
    assert!(!task.is_finished());
    task
}

/// Polls once.
async fn is_pending(wait: &mut Wait) -> bool {
    std::future::poll_fn(|context| Poll::Ready(Pin::new(&mut *wait).poll(context).is_pending())).await
}

fn dup2(from: RawFd, to: RawFd) {
    // SAFETY: both are descriptors of this test.
    assert_eq!(unsafe { libc::dup2(from, to) }, to);
}

fn close(fd: RawFd) {
    // SAFETY: a descriptor of this test, whose owner gave it up with `into_raw_fd`.
    assert_eq!(unsafe { libc::close(fd) }, 0);
}

#[test]
fn a_reader_wakes_for_data_again_and_again() {
    run(async {
        let (mut a, mut b) = pair();
        for round in 0..100u8 {
            let task = waiting_task(a.as_raw_fd(), Interest::READ, 1).await;
            b.write_all(&[round]).unwrap();
            let ready = task.await.unwrap().unwrap();
            assert!(ready.readable() && !ready.writable());
            assert_eq!(ready.revents(), libc::POLLIN);
            let mut byte = [0];
            assert_eq!(a.read(&mut byte).unwrap(), 1);
            assert_eq!(byte[0], round);
        }
    });
}

#[test]
fn what_is_ready_already_is_reported() {
    run(async {
        let (a, mut b) = pair();
        assert!(wait(a.as_raw_fd(), Interest::WRITE, 1).await.unwrap().writable());
        b.write_all(b"x").unwrap();
        // Unread data is reported each time.
        for _ in 0..3 {
            assert!(wait(a.as_raw_fd(), Interest::READ, 1).await.unwrap().readable());
        }
        let both = wait(a.as_raw_fd(), Interest::READ | Interest::WRITE, 1).await.unwrap();
        assert_eq!(both.revents(), libc::POLLIN | libc::POLLOUT);
    });
}

#[test]
fn hang_up_and_end_wake_both_directions() {
    run(async {
        let (mut a, b) = pair();
        while a.write(&[0; 65536]).is_ok() {}
        let reader = waiting_task(a.as_raw_fd(), Interest::READ, 1).await;
        let writer = waiting_task(a.as_raw_fd(), Interest::WRITE, 2).await;
        drop(b);
        assert!(reader.await.unwrap().unwrap().readable());
        assert!(writer.await.unwrap().unwrap().writable());
    });
}

#[test]
fn one_reader_and_one_writer_at_once_wake_apart() {
    run(async {
        let (mut a, mut b) = pair();
        while a.write(&[0; 65536]).is_ok() {}
        let fd = a.as_raw_fd();
        let reader = waiting_task(fd, Interest::READ, 1).await;
        let writer = waiting_task(fd, Interest::WRITE, 2).await;
        assert_eq!((waiting(fd, Direction::Read), waiting(fd, Direction::Write)), (Some(1), Some(2)));
        b.write_all(b"x").unwrap();
        assert!(reader.await.unwrap().unwrap().readable());
        assert!(!writer.is_finished());
        assert_eq!((waiting(fd, Direction::Read), waiting(fd, Direction::Write)), (None, Some(2)));
        let mut room = vec![0; 1 << 20];
        b.set_nonblocking(true).unwrap();
        while b.read(&mut room).is_ok() {}
        assert!(writer.await.unwrap().unwrap().writable());
    });
}

#[test]
fn a_second_waiter_of_a_direction_is_told_who_is_there() {
    run(async {
        let (a, mut b) = pair();
        let fd = a.as_raw_fd();
        let first = waiting_task(fd, Interest::READ, 42).await;
        let taken = Err(WaitError::Taken { by: 42, direction: Direction::Read });
        assert_eq!(wait(fd, Interest::READ, 43).await, taken);
        assert_eq!(wait(fd, Interest::PRIORITY, 43).await, taken);
        assert_eq!(wait(fd, Interest::READ | Interest::WRITE, 43).await, taken);
        assert!(wait(fd, Interest::WRITE, 43).await.unwrap().writable());
        b.write_all(b"x").unwrap();
        // Its event has come and it has not run: the place is still its own.
        assert!(first.await.unwrap().is_ok());
        assert!(wait(fd, Interest::READ, 43).await.unwrap().readable());
        let both = tokio::spawn(wait(fd, Interest::READ | Interest::WRITE, 44));
        tokio::task::yield_now().await;
        let taken = WaitError::Taken { by: 44, direction: Direction::Write };
        assert_eq!(wait(fd, Interest::WRITE, 45).await, Err(taken));
        assert_eq!((taken.to_string(), taken.errno()), ("44 already waits to write".to_owned(), libc::EBUSY));
        assert!(both.await.unwrap().is_ok());
    });
}

#[test]
fn a_dropped_wait_leaves_its_place() {
    run(async {
        let (a, mut b) = pair();
        let fd = a.as_raw_fd();
        let mut first = wait(fd, Interest::READ, 1);
        assert!(is_pending(&mut first).await);
        drop(first);
        assert_eq!(waiting(fd, Direction::Read), None);
        let second = waiting_task(fd, Interest::READ, 2).await;
        b.write_all(b"x").unwrap();
        assert!(second.await.unwrap().unwrap().readable());
        // Armed for nobody: fires once and is not missed.
        let mut third = wait(fd, Interest::WRITE, 3);
        assert!(is_pending(&mut third).await);
        drop(third);
        tokio::time::sleep(Duration::from_millis(5)).await;
        assert!(wait(fd, Interest::READ, 4).await.unwrap().readable());
    });
}

#[test]
fn files_are_always_ready_and_bad_numbers_are_errors() {
    run(async {
        let file = File::open("/proc/self/exe").unwrap();
        assert_eq!(wait(file.as_raw_fd(), Interest::READ, 1).await, Err(WaitError::AlwaysReady));
        assert_eq!(wait(-1, Interest::READ, 1).await, Err(WaitError::Os(libc::EBADF)));
        assert_eq!(wait(i32::MAX, Interest::READ, 1).await, Err(WaitError::Os(libc::EBADF)));
    });
}

#[test]
fn a_number_that_was_closed_and_used_again_heals() {
    run(async {
        let (a, mut b) = pair();
        let fd = a.as_raw_fd();
        b.write_all(b"x").unwrap();
        assert!(wait(fd, Interest::READ, 1).await.is_ok());
        // Another socket under the same number, behind our back.
        let (c, mut d) = pair();
        dup2(c.as_raw_fd(), fd);
        let task = waiting_task(fd, Interest::READ, 2).await;
        d.write_all(b"y").unwrap();
        assert!(task.await.unwrap().unwrap().readable());
        // A file, then a socket again.
        let file = File::open("/proc/self/exe").unwrap();
        dup2(file.as_raw_fd(), fd);
        assert_eq!(wait(fd, Interest::READ, 3).await, Err(WaitError::AlwaysReady));
        dup2(c.as_raw_fd(), fd);
        assert!(wait(fd, Interest::READ, 4).await.unwrap().readable());
    });
}

#[test]
fn events_of_a_file_that_lives_on_elsewhere_are_ignored() {
    run(async {
        let (a, mut b) = pair();
        let kept = a.try_clone().unwrap();
        let fd = a.into_raw_fd();
        let mut old = wait(fd, Interest::READ, 1);
        assert!(is_pending(&mut old).await);
        let (c, mut d) = pair();
        // The kernel keeps the old registration, because a duplicate of its file is open.
        dup2(c.as_raw_fd(), fd);
        let new = waiting_task(fd, Interest::WRITE, 2).await;
        assert_eq!(old.await, Err(WaitError::Closed));
        assert!(new.await.unwrap().unwrap().writable());
        let reader = waiting_task(fd, Interest::READ, 3).await;
        b.write_all(b"x").unwrap();
        tokio::time::sleep(Duration::from_millis(10)).await;
        assert!(!reader.is_finished(), "woken by another file's data");
        d.write_all(b"y").unwrap();
        assert!(reader.await.unwrap().is_ok());
        // And back: the kernel knows this pair of number and file from before.
        dup2(kept.as_raw_fd(), fd);
        assert!(wait(fd, Interest::READ, 4).await.unwrap().readable());
        close(fd);
    });
}

#[test]
fn an_announced_close_wakes_both_waiters_and_frees_the_number() {
    run(async {
        let (a, _b) = pair();
        let (c, mut d) = pair();
        let fd = a.into_raw_fd();
        let mut a = File::from(dup(fd));
        while a.write(&[0; 65536]).is_ok() {}
        let reader = waiting_task(fd, Interest::READ, 1).await;
        let writer = waiting_task(fd, Interest::WRITE, 2).await;
        closing(fd);
        close(fd);
        // The number is in use again before the two have run.
        dup2(c.as_raw_fd(), fd);
        assert_eq!((waiting(fd, Direction::Read), waiting(fd, Direction::Write)), (None, None));
        let mut next = wait(fd, Interest::READ, 3);
        assert!(is_pending(&mut next).await);
        assert_eq!(reader.await.unwrap(), Err(WaitError::Closed));
        assert_eq!(writer.await.unwrap(), Err(WaitError::Closed));
        d.write_all(b"y").unwrap();
        assert!(next.await.unwrap().readable());
        closing(fd);
        closing(-1);
        closing(i32::MAX);
        close(fd);
        THREAD.with_borrow(|thread| assert!(thread.as_ref().unwrap().closed.is_empty()));
    });
}

fn dup(fd: RawFd) -> OwnedFd {
    // SAFETY: a descriptor of this test.
    unsafe { std::os::fd::BorrowedFd::borrow_raw(fd) }.try_clone_to_owned().unwrap()
}

#[test]
fn each_runtime_has_its_own_epoll_and_takes_it_along() {
    let (a, mut b) = pair();
    let mut kept = wait(a.as_raw_fd(), Interest::READ, 7);
    let first = run(async {
        assert!(is_pending(&mut kept).await);
        THREAD.with_borrow(|thread| thread.as_ref().unwrap().epoch)
    });
    THREAD.with_borrow(|thread| assert!(thread.is_none()));
    b.write_all(b"x").unwrap();
    // A wait that outlives its runtime starts again on the next one.
    run(async {
        assert!(kept.await.unwrap().readable());
        THREAD.with_borrow(|thread| assert_ne!(thread.as_ref().unwrap().epoch, first));
    });
}

#[test]
fn a_child_process_forgets_and_the_parent_goes_on() {
    run(async {
        let (a, mut b) = pair();
        let task = waiting_task(a.as_raw_fd(), Interest::READ, 1).await;
        // SAFETY: the child makes system calls only, and leaves without running destructors.
        let child = unsafe { libc::fork() };
        if child == 0 {
            forked();
            let clean = waiting(a.as_raw_fd(), Direction::Read).is_none();
            // SAFETY: ends the child.
            unsafe { libc::_exit(if clean { 0 } else { 1 }) };
        }
        let mut status = 0;
        // SAFETY: our own child.
        assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
        assert_eq!(status, 0);
        b.write_all(b"x").unwrap();
        assert!(task.await.unwrap().unwrap().readable());
    });
}

#[test]
fn a_child_process_that_does_not_say_so_waits_on_an_epoll_of_its_own() {
    run(async {
        let (a, mut b) = pair();
        let task = waiting_task(a.as_raw_fd(), Interest::READ, 1).await;
        // SAFETY: the child has this thread alone, and leaves without running destructors.
        let child = unsafe { libc::fork() };
        if child == 0 {
            let mut wait = wait(a.as_raw_fd(), Interest::WRITE, 2);
            let stale = THREAD.with_borrow(|thread| thread.as_ref().map(|watcher| watcher.epoch));
            let _ = is_pending(&mut wait).await;
            let fresh = THREAD.with_borrow(|thread| thread.as_ref().map(|watcher| watcher.epoch));
            let clean = stale != fresh && waiting(a.as_raw_fd(), Direction::Read).is_none();
            // SAFETY: ends the child.
            unsafe { libc::_exit(if clean { 0 } else { 1 }) };
        }
        let mut status = 0;
        // SAFETY: our own child.
        assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
        assert_eq!(status, 0);
        b.write_all(b"x").unwrap();
        assert!(task.await.unwrap().unwrap().readable());
    });
}

#[test]
fn many_descriptors_at_once() {
    run(async {
        let mut pairs: Vec<_> = (0..300).map(|_| pair()).collect();
        let mut tasks = Vec::new();
        for (index, (a, _)) in pairs.iter().enumerate() {
            tasks.push(tokio::spawn(wait(a.as_raw_fd(), Interest::READ, index as i64)));
        }
        tokio::task::yield_now().await;
        pairs.iter_mut().for_each(|(_, b)| b.write_all(b"x").unwrap());
        for task in tasks {
            assert!(task.await.unwrap().unwrap().readable());
        }
    });
}
