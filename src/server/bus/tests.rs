use super::*;
use crate::io::process::{self, Side};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

type Message = (u8, usize, Vec<u8>, Vec<u8>);

fn message(frame: Frame<'_>) -> Message {
    (frame.kind, frame.from, frame.head.to_vec(), frame.payload.to_vec())
}

fn bytes(length: usize) -> Vec<u8> {
    (0..length).map(|index| (index % 251) as u8).collect()
}

/// Runs `body` as process `index` in a child that ends with its success.
fn child(bus: &Bus, index: usize, body: impl FnOnce() -> io::Result<()>) -> io::Result<i32> {
    match process::fork()? {
        Side::Parent(pid) => Ok(pid),
        Side::Child => {
            // Nobody else would end it when a test fails.
            // SAFETY: numbers only.
            unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
            bus.claim(index);
            let good = body().is_ok();
            // SAFETY: ends the child without running the test harness's end in it.
            unsafe { libc::_exit(i32::from(!good)) }
        }
    }
}

fn soon() -> Option<Instant> {
    Some(Instant::now() + Duration::from_secs(60))
}

/// Takes `count` messages, waiting for them.
fn take(bus: &Bus, count: usize) -> io::Result<Vec<Message>> {
    let mut taken = Vec::new();
    let limit = soon();
    while taken.len() < count && limit > Some(Instant::now()) {
        bus.wait(-1, limit)?;
        bus.receive(count - taken.len(), |frame| taken.push(message(frame)));
    }
    Ok(taken)
}

#[test]
fn messages_of_every_length_arrive_in_order() -> io::Result<()> {
    let bus = Bus::new(2)?;
    bus.claim(0);
    let lengths = [0, 1, 100, PART - 1, PART, PART + 1, 3 * PART, 5 << 20, 7];
    let pid = child(&bus, 1, || {
        for length in lengths {
            let payload = bytes(length);
            let (front, back) = payload.split_at(length / 3);
            bus.send(0, 9, b"head", &[IoSlice::new(front), IoSlice::new(back)])?;
        }
        bus.wait_for_room(0, soon()).map(drop)
    })?;
    let taken = take(&bus, lengths.len())?;
    let wanted: Vec<Message> = lengths.iter().map(|length| (9, 1, b"head".to_vec(), bytes(*length))).collect();
    assert!(taken == wanted, "{:?}", taken.iter().map(|taken| taken.3.len()).collect::<Vec<_>>());
    assert!(matches!(process::wait(pid, true)?, Some(exit) if exit.is_clean()));
    assert!(bus.receive(1, |_| ()));
    Ok(())
}

#[test]
fn a_sender_killed_half_way_leaves_nobody_out_of_step() -> io::Result<()> {
    let bus = Bus::new(2)?;
    bus.claim(0);
    let pid = child(&bus, 1, || bus.send(0, 1, b"", &[IoSlice::new(&bytes(40 << 20))]))?;
    process::wait(pid, true)?;
    // Its successor goes on where it was.
    let pid = child(&bus, 1, || {
        bus.send(0, 2, b"", &[IoSlice::new(b"next")])?;
        bus.wait_for_room(0, soon()).map(drop)
    })?;
    assert_eq!(take(&bus, 1)?, [(2, 1, vec![], b"next".to_vec())]);
    process::wait(pid, true)?;
    Ok(())
}

#[test]
fn a_successor_gets_what_its_predecessor_left() -> io::Result<()> {
    let bus = Bus::new(2)?;
    bus.claim(0);
    bus.send(1, 1, b"", &[IoSlice::new(b"first")])?;
    bus.send(1, 1, b"", &[IoSlice::new(b"second")])?;
    let first = child(&bus, 1, || {
        bus.set_mark(7);
        bus.receive(1, |frame| assert_eq!(frame.payload, b"first"));
        Ok(())
    });
    process::wait(first?, true)?;
    assert_eq!(bus.mark(2), 7);
    bus.orphan(2);
    bus.send(1, 1, b"", &[IoSlice::new(b"third")])?;
    let pid = child(&bus, 1, || {
        let is_heir = bus.is_heir();
        bus.has_inherited();
        let taken: Vec<Vec<u8>> = take(&bus, 2)?.into_iter().map(|taken| taken.3).collect();
        let right = is_heir && !bus.is_heir() && taken == [&b"second"[..], b"third"];
        if right { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
    })?;
    assert!(matches!(process::wait(pid, true)?, Some(exit) if exit.is_clean()));
    Ok(())
}

#[test]
fn too_much_for_one_that_does_not_read_is_refused() -> io::Result<()> {
    let bus = Bus::new(2)?;
    bus.claim(0);
    let payload = bytes(1 << 20);
    let refused = (0..200).find_map(|_| bus.send(1, 1, b"", &[IoSlice::new(&payload)]).err());
    assert_eq!(refused.and_then(|error| error.raw_os_error()), Some(libc::ENOBUFS));
    assert!(bus.queued(1) >= LIMIT && !bus.is_flushed() && !bus.has_room(1) && bus.has_room(0));
    // What must not be lost is taken all the same.
    let queued = bus.queued(1);
    bus.insist(1, 1, b"", &[])?;
    assert!(bus.queued(1) > queued);
    assert_eq!(bus.send(2, 1, b"", &[]).unwrap_err().raw_os_error(), Some(libc::ENOENT));
    assert!(!bus.wait_for_room(1, Some(Instant::now() + Duration::from_millis(1)))?);
    Ok(())
}

#[test]
fn two_that_wait_for_each_other_go_on() -> io::Result<()> {
    let bus = Bus::new(2)?;
    bus.claim(0);
    let long = bytes(8 << 20);
    let talk = |to: usize| {
        bus.send(to, 1, b"", &[IoSlice::new(&long)])?;
        bus.wait_for_room(to, soon())?;
        let taken = take(&bus, 1)?;
        if taken.first().is_some_and(|taken| taken.3 == long) { Ok(()) } else { Err(io::Error::from_raw_os_error(1)) }
    };
    let pid = child(&bus, 1, || talk(0))?;
    talk(1)?;
    assert!(matches!(process::wait(pid, true)?, Some(exit) if exit.is_clean()));
    Ok(())
}

#[test]
fn a_handler_may_receive_too() -> io::Result<()> {
    let bus = Bus::new(1)?;
    bus.claim(0);
    for number in 0..40_u8 {
        bus.send(0, number, b"", &[])?;
    }
    let seen = RefCell::new(VecDeque::new());
    bus.receive(100, |outer| {
        seen.borrow_mut().push_back(outer.kind);
        bus.receive(2, |inner| seen.borrow_mut().push_back(inner.kind));
        assert_eq!(outer.from, 0);
    });
    assert!(seen.take().into_iter().eq(0..40));
    Ok(())
}

#[test]
fn in_a_runtime_it_wakes_for_messages_and_for_room() -> io::Result<()> {
    let bus = Bus::new(2)?;
    bus.claim(0);
    let count = 300;
    let pid = child(&bus, 1, || {
        let taken = take(&bus, count)?;
        for (kind, _, _, payload) in taken {
            bus.send(0, kind, b"", &[IoSlice::new(&payload)])?;
            bus.wait_for_room(0, soon())?;
        }
        Ok(())
    })?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let payload = bytes(100_000);
    runtime.block_on(async {
        for number in 0..count {
            bus.send(1, number as u8, b"", &[IoSlice::new(&payload)])?;
        }
        let mut taken = 0;
        poll_fn(|context| {
            let _ = bus.poll_flush(context);
            let polled = bus.poll_receive(context, 3, |frame| {
                assert_eq!((frame.kind, frame.payload.len()), (taken as u8, payload.len()));
                taken += 1;
            });
            match polled {
                _ if taken == count => Poll::Ready(Ok(())),
                Ok(Poll::Ready(())) => Poll::Pending,
                Ok(Poll::Pending) => {
                    context.waker().wake_by_ref();
                    Poll::Pending
                }
                Err(error) => Poll::Ready(Err(error)),
            }
        })
        .await
    })?;
    assert!(bus.is_flushed());
    bus.detach(false);
    assert!(matches!(process::wait(pid, true)?, Some(exit) if exit.is_clean()));
    Ok(())
}

#[test]
fn a_process_and_its_successor_live_side_by_side() -> io::Result<()> {
    let bus = Bus::with_successors(2, 1)?;
    bus.claim(1);
    assert!(!bus.hand_over(1) && !bus.hand_over(7));
    let payload = |text: &'static [u8]| [IoSlice::new(text)];
    let old = child(&bus, 0, || {
        bus.send(1, 1, b"", &payload(b"asks"))?;
        // The answer comes to the old one, what is sent to the index to the new one.
        let taken = take(&bus, 2)?;
        let right = taken.iter().map(|taken| &taken.3[..]).eq([&b"before"[..], b"answer"]);
        bus.wait(-1, soon())?;
        if right { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
    })?;
    let mut back = 0;
    bus.wait(-1, soon())?;
    bus.receive(1, |frame| back = frame.back);
    bus.send(0, 1, b"", &payload(b"before"))?;
    assert!(bus.hand_over(0));
    bus.send(0, 1, b"", &payload(b"after"))?;
    bus.send_back(back, 1, b"", &payload(b"answer"))?;
    bus.send_back(back, 1, b"head", &payload(b"too late"))?;
    assert!(matches!(process::wait(old, true)?, Some(exit) if exit.is_clean()));
    let mut passed = Vec::new();
    bus.pass_on(0, 1, |kind, head| passed.push((kind, head.to_vec())));
    assert_eq!(passed, [(1, b"head".to_vec())]);
    let new = child(&bus, 0, || {
        let taken: Vec<Vec<u8>> = take(&bus, 2)?.into_iter().map(|taken| taken.3).collect();
        if taken == [&b"after"[..], b"too late"] { Ok(()) } else { Err(io::ErrorKind::InvalidData.into()) }
    })?;
    assert!(matches!(process::wait(new, true)?, Some(exit) if exit.is_clean()));
    Ok(())
}

/// Kills a child and waits for its end.
fn kill(pid: i32) -> io::Result<()> {
    process::kill(pid, libc::SIGKILL)?;
    process::wait(pid, true).map(drop)
}

/// A number that a message carries, of whatever length the message is.
fn numbered(payload: &[u8]) -> u64 {
    payload.first_chunk().map_or(0, |bytes| u64::from_ne_bytes(*bytes))
}

#[test]
fn senders_killed_at_any_instruction_lose_nothing_that_was_sent() -> io::Result<()> {
    const SENDERS: usize = 3;
    let bus = Bus::new(SENDERS + 1)?;
    bus.claim(0);
    let said: Vec<Shared<AtomicU64>> = (0..=SENDERS).map(|_| Shared::new()).collect::<Result<_, _>>()?;
    let begin = |index: usize| {
        child(&bus, index, || {
            loop {
                let next = said[index].load(Ordering::SeqCst) + 1;
                let mut payload = bytes(8 + (next as usize * 37) % 3000);
                payload[..8].copy_from_slice(&next.to_ne_bytes());
                bus.send(0, 1, b"", &[IoSlice::new(&payload)])?;
                bus.wait_for_room(0, None)?;
                said[index].store(next, Ordering::SeqCst);
            }
        })
    };
    let mut pids: Vec<i32> = (1..=SENDERS).map(begin).collect::<Result<_, _>>()?;
    let mut seen = [0; SENDERS + 1];
    let mut take = |most: usize| {
        bus.receive(most, |frame| {
            let number = numbered(frame.payload);
            // The last message of one that was killed may be sent again by its successor, which does not know that it had gone.
            let last = std::mem::replace(&mut seen[frame.from], number);
            assert!(number == last + 1 || number == last, "{number} after {last}");
        });
        seen
    };
    for round in 0..30 {
        let victim = round % SENDERS;
        let before = take(0)[victim + 1];
        while take(10 + round)[victim + 1] < before + 20 + round as u64 {
            bus.wait(-1, soon())?;
        }
        kill(pids[victim])?;
        bus.ring();
        pids[victim] = begin(victim + 1)?;
    }
    for pid in pids {
        kill(pid)?;
    }
    for (said, seen) in said.iter().zip(take(usize::MAX)).skip(1) {
        assert!(seen >= said.load(Ordering::SeqCst), "all that was sent has arrived");
    }
    Ok(())
}

#[test]
fn receivers_killed_at_any_instruction_lose_only_what_they_had_begun() -> io::Result<()> {
    let bus = Bus::new(2)?;
    bus.claim(0);
    let (handled, lost) = (Shared::<AtomicU64>::new()?, Shared::<AtomicU64>::new()?);
    let begin = || {
        child(&bus, 1, || {
            let mut is_first = true;
            loop {
                bus.wait(-1, None)?;
                bus.receive(7, |frame| {
                    let (number, last) = (numbered(frame.payload), handled.load(Ordering::SeqCst));
                    // One message at most, and only behind the end of a predecessor.
                    if number != last + 1 {
                        lost.fetch_add(if is_first && number == last + 2 { 1 } else { 1000 }, Ordering::SeqCst);
                    }
                    is_first = false;
                    handled.store(number, Ordering::SeqCst);
                });
            }
        })
    };
    let (mut sent, mut pid) = (0_u64, begin()?);
    let limit = Some(Instant::now() + Duration::from_secs(60));
    let mut send = |count: u64| -> io::Result<u64> {
        for _ in 0..count {
            sent += 1;
            let mut payload = bytes(8 + (sent as usize * 101) % 5_000);
            payload[..8].copy_from_slice(&sent.to_ne_bytes());
            bus.send(1, 1, b"", &[IoSlice::new(&payload)])?;
        }
        Ok(sent)
    };
    let come_to = |number: u64| -> io::Result<()> {
        while handled.load(Ordering::SeqCst) < number {
            assert!(limit > Some(Instant::now()), "{} of {number}", handled.load(Ordering::SeqCst));
            bus.wait_for_room(1, soon())?;
            std::thread::sleep(Duration::from_micros(100));
        }
        Ok(())
    };
    let kills = 30;
    for round in 0..kills {
        // One may be lost.
        come_to(send(50)? - 30 + round / 2)?;
        kill(pid)?;
        pid = begin()?;
    }
    let sent = send(1)?;
    come_to(sent)?;
    kill(pid)?;
    assert_eq!(handled.load(Ordering::SeqCst), sent);
    assert!(lost.load(Ordering::SeqCst) <= kills);
    Ok(())
}

#[test]
fn several_that_fill_an_inbox_are_all_told_of_room() -> io::Result<()> {
    let bus = Bus::new(4)?;
    bus.claim(0);
    let long = bytes(3 << 20);
    let mut pids = Vec::new();
    for index in 1..4 {
        pids.push(child(&bus, index, || {
            for _ in 0..4 {
                bus.send(0, 1, b"", &[IoSlice::new(&long)])?;
                bus.wait_for_room(0, None)?;
            }
            Ok(())
        })?);
    }
    let taken = take(&bus, 12)?;
    assert!(taken.len() == 12 && taken.iter().all(|taken| taken.3 == long));
    for pid in pids {
        assert!(matches!(process::wait(pid, true)?, Some(exit) if exit.is_clean()));
    }
    Ok(())
}
