use super::*;
use crate::io::process::{self, Side};
use std::collections::VecDeque;
use std::time::Duration;

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
            bus.claim(index);
            let good = body().is_ok();
            // SAFETY: ends the child without running the test harness's end in it.
            unsafe { libc::_exit(i32::from(!good)) }
        }
    }
}

fn soon() -> Option<Instant> {
    Some(Instant::now() + Duration::from_secs(10))
}

/// Takes `count` messages, waiting for them.
fn take(bus: &Bus, count: usize) -> io::Result<Vec<Message>> {
    let mut taken = Vec::new();
    let limit = soon();
    while taken.len() < count && limit > Some(Instant::now()) {
        bus.wait(-1, limit)?;
        bus.receive(count - taken.len(), |frame| taken.push(message(frame)))?;
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
    assert!(bus.receive(1, |_| ())?);
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
        // Its first batch holds both.
        bus.receive(1, |frame| assert_eq!(frame.payload, b"first")).map(drop)
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
        bus.receive(2, |inner| seen.borrow_mut().push_back(inner.kind)).map(drop).unwrap_or_default();
        assert_eq!(outer.from, 0);
    })?;
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
    bus.receive(1, |frame| back = frame.back)?;
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
