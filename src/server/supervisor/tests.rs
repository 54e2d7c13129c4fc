use super::*;
use std::thread::sleep;

/// A supervisor's signals and children belong to its process, so each test runs in a process of its own.
fn alone(body: impl FnOnce() -> io::Result<bool>) -> io::Result<()> {
    let pid = match process::fork()? {
        Side::Parent(pid) => pid,
        Side::Child => {
            signal::forked();
            children::forked();
            let good = matches!(body(), Ok(true));
            // SAFETY: ends the child without running the test harness's end in it.
            unsafe { libc::_exit(i32::from(!good)) }
        }
    };
    assert!(matches!(process::wait(pid, true)?, Some(exit) if exit.is_clean()));
    Ok(())
}

/// Runs it to its end: workers live `life` and exit with 0; `see` gets every event of the parent.
fn run(
    mut supervisor: Supervisor,
    life: impl Fn(usize),
    mut see: impl FnMut(&mut Supervisor, &Event),
) -> io::Result<()> {
    loop {
        match supervisor.next(None, None)? {
            Event::Born(index) => {
                life(index);
                // SAFETY: as above.
                unsafe { libc::_exit(0) }
            }
            Event::Over => return Ok(()),
            event => see(&mut supervisor, &event),
        }
    }
}

fn for_ever(_: usize) {
    sleep(Duration::from_secs(30));
}

#[test]
fn a_worker_that_ends_is_replaced_until_it_stops() -> io::Result<()> {
    alone(|| {
        let (mut started, mut ended) = (0, 0);
        run(
            Supervisor::new(2, None)?,
            |_| {},
            |supervisor, event| match event {
                Event::Started { .. } => started += 1,
                Event::Ended { exit, .. } => {
                    ended += usize::from(exit.is_clean());
                    if ended == 6 {
                        supervisor.stop();
                    }
                }
                _ => {}
            },
        )?;
        Ok(started >= 6 && children::any(false).is_err())
    })
}

#[test]
fn it_stops_though_no_worker_is_left() -> io::Result<()> {
    alone(|| {
        let mut supervisor = Supervisor::new(0, None)?;
        supervisor.stop();
        let stopping = matches!(supervisor.next(None, None)?, Event::Stopping);
        Ok(stopping && matches!(supervisor.next(None, None)?, Event::Over))
    })
}

#[test]
fn sigterm_ends_everything_and_who_does_not_listen_is_killed() -> io::Result<()> {
    alone(|| {
        let mut seen = Vec::new();
        let deaf = |index: usize| {
            if index == 1 {
                let _ = signal::ignore(libc::SIGTERM);
            }
            for_ever(index);
        };
        run(Supervisor::new(2, Some(Duration::from_millis(100)))?, deaf, |_, event| match event {
            Event::Started { index: 1, .. } => {
                sleep(Duration::from_millis(50));
                let _ = process::kill(process::id(), libc::SIGTERM);
            }
            Event::Stopping => seen.push(0),
            Event::Ended { exit, .. } => seen.push(exit.signal()),
            Event::Killed { index, .. } => seen.push(100 + *index as i32),
            _ => {}
        })?;
        Ok(seen == [0, libc::SIGTERM, 101, libc::SIGKILL])
    })
}

#[test]
fn a_reload_replaces_one_after_the_other() -> io::Result<()> {
    alone(|| {
        let mut seen = String::new();
        let mut started = 0;
        run(Supervisor::new(3, None)?, for_ever, |supervisor, event| match event {
            Event::Started { .. } => {
                started += 1;
                seen.push('+');
                if started == 3 {
                    supervisor.reload();
                    // one at a time
                    assert!(!supervisor.reload());
                }
            }
            Event::Ended { .. } => seen.push('-'),
            Event::Reloaded => {
                seen.push('!');
                supervisor.stop();
            }
            Event::Stopping => seen.push('.'),
            _ => {}
        })?;
        // As many run as before when the next one is told.
        Ok(seen == "+++-+-+-+!.---")
    })
}

#[test]
fn groups_end_in_order_and_some_are_reloaded_at_once() -> io::Result<()> {
    alone(|| {
        let mut seen = String::new();
        let mut started = 0;
        let mut supervisor = Supervisor::new(3, None)?;
        supervisor.start_in_order([2, 0, 1]);
        supervisor.end_in_order(vec![0..2, 2..3], None);
        run(supervisor, for_ever, |supervisor, event| match event {
            Event::Started { index, .. } => {
                started += 1;
                seen.push_str(&format!("+{index}"));
                if started == 3 {
                    assert!(supervisor.reload_some(0..2, true) && !supervisor.reload());
                }
            }
            Event::Ended { index, .. } if started < 5 => seen.push_str(&format!("-{}", index / 2)),
            Event::Ended { index, .. } => seen.push_str(&format!(".{}", index / 2)),
            Event::Reloaded => {
                seen.push('!');
                supervisor.stop();
            }
            _ => {}
        })?;
        // Ends and starts of a reload at once may alternate.
        let starts = seen.matches('+').count();
        Ok(seen.starts_with("+2+0+1-0") && starts == 5 && seen.contains('!') && seen.ends_with(".0.0.1"))
    })
}

#[test]
fn a_detached_worker_is_replaced_and_lives_on() -> io::Result<()> {
    alone(|| {
        let mut started = Vec::new();
        let mut stranger = false;
        run(Supervisor::new(1, None)?, for_ever, |supervisor, event| match event {
            Event::Started { pid, .. } => {
                started.push(*pid);
                if started.len() == 1 {
                    assert!(supervisor.detach(*pid) && !supervisor.detach(*pid));
                } else {
                    assert!(process::kill(started[0], 0).is_ok());
                    let _ = process::kill(started[0], libc::SIGKILL);
                }
            }
            Event::Stranger { detached, .. } => {
                stranger = *detached;
                supervisor.stop();
            }
            _ => {}
        })?;
        Ok(stranger && started.len() == 2)
    })
}

#[test]
fn workers_end_with_their_supervisor() -> io::Result<()> {
    let (reader, writer) = io::pipe()?;
    let pid = match process::fork()? {
        Side::Parent(pid) => pid,
        Side::Child => {
            signal::forked();
            children::forked();
            drop(reader);
            let _ = run(Supervisor::new(2, None)?, for_ever, |_, event| {
                if matches!(event, Event::Started { index: 1, .. }) {
                    let _ = process::kill(process::id(), libc::SIGKILL);
                }
            });
            return Ok(());
        }
    };
    process::wait(pid, true)?;
    drop(writer);
    // Readable to its end once the last process that holds the writing end is gone.
    let limit = Instant::now() + Duration::from_secs(10);
    assert!(pipe::wait_any(&[std::os::fd::AsRawFd::as_raw_fd(&reader)], Some(limit))?.is_some());
    Ok(())
}

#[test]
fn it_wakes_in_time() -> io::Result<()> {
    alone(|| {
        let mut supervisor = Supervisor::new(0, None)?;
        let until = Instant::now() + Duration::from_millis(10);
        let due = matches!(supervisor.next(Some(until), None)?, Event::Due);
        let (reader, writer) = io::pipe()?;
        std::io::Write::write_all(&mut &writer, b"x")?;
        let also = supervisor.next(None, Some(std::os::fd::AsRawFd::as_raw_fd(&reader)))?;
        Ok(due && Instant::now() >= until && matches!(also, Event::Due))
    })
}
