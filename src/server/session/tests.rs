use super::*;

fn birth(owner: u16) -> Birth {
    Birth { owner, port: 1, fd: 9, remote: Some("[::1]:80".parse().expect("an address")) }
}

#[test]
fn numbers_are_never_used_twice() {
    let sessions = Sessions::new(2).expect("maps");
    let (first, second) = (sessions.open(&birth(0)), sessions.open(&birth(1)));
    assert_eq!((first, second), (Some(1), Some(2)));
    assert_eq!(sessions.open(&birth(0)), None);
    sessions.close(1);
    sessions.close(1);
    assert_eq!(sessions.count(), 1);
    assert_eq!(sessions.open(&birth(0)), Some(3));
    assert!(sessions.row(1).is_none());
    for number in 4..1000 {
        sessions.close(number - 1);
        assert_eq!(sessions.open(&birth(0)), Some(number + (number - 1) / 63), "one row is taken");
        if number > 62 {
            return;
        }
    }
}

#[test]
fn tells_what_it_was_told() {
    let sessions = Sessions::new(100).expect("maps");
    for remote in [None, Some("1.2.3.4:5"), Some("[fe80::1]:65535")] {
        let remote = remote.map(|text| text.parse().expect("an address"));
        let id = sessions.open(&Birth { remote, ..birth(3) }).expect("room");
        let row = sessions.row(id).expect("there");
        assert!(row.bind(7) && !row.bind(8));
        assert!(!row.set(PROTECTED, true) && row.set(PROTECTED, true));
        row.set_worker(0);
        let info = sessions.info(id).expect("there");
        assert_eq!((info.remote, info.owner, info.port, info.fd, info.uid), (remote, 3, 1, 9, 7));
        assert_eq!((info.worker, info.flags), (Some(0), PROTECTED));
        assert!(info.connected > 0.0 && info.sent == 0.0);
    }
}

#[test]
fn certificates_go_with_their_connections() {
    let mut sessions = Sessions::new(100).expect("maps");
    sessions.keep_certificates().expect("a file");
    let ids: Vec<i64> = (0..3).filter_map(|owner| sessions.open(&birth(owner))).collect();
    for id in &ids[..2] {
        sessions.set_certificate(*id, format!("of {id}").as_bytes()).expect("memory");
    }
    let shown = |sessions: &Sessions| ids.iter().map(|id| sessions.certificate(*id)).collect::<Vec<_>>();
    assert_eq!(shown(&sessions), [Some(b"of 1".to_vec()), Some(b"of 2".to_vec()), None]);
    sessions.close(ids[0]);
    sessions.forget(1);
    assert_eq!(shown(&sessions), [None, None, None]);
    let rows = sessions.all_rows().len();
    let next = (0..rows).filter_map(|_| sessions.open(&birth(0)).inspect(|id| sessions.close(*id)));
    assert!(next.into_iter().all(|id| sessions.certificate(id).is_none()));
}

#[test]
fn those_of_a_dead_process_are_taken_out() {
    let sessions = Sessions::new(100).expect("maps");
    for owner in [0, 1, 0, 1, 1] {
        assert!(sessions.open(&birth(owner)).is_some());
    }
    sessions.forget(1);
    assert_eq!(sessions.after(0).collect::<Vec<_>>(), [1, 3]);
    assert_eq!(sessions.after(1).collect::<Vec<_>>(), [3]);
    assert_eq!(sessions.count(), 2);
    if let Some(row) = sessions.row(3) {
        row.set(CLOSED, true);
    }
    assert_eq!(sessions.after(0).collect::<Vec<_>>(), [1]);
}

#[test]
fn old_ones_are_found_however_many_came_after() {
    let sessions = Sessions::new(100_000).expect("maps");
    let old: Vec<i64> = (0..100).filter_map(|_| sessions.open(&birth(0))).collect();
    for _ in 0..3 * FEWEST {
        sessions.close(sessions.open(&birth(1)).expect("room"));
    }
    assert_eq!(sessions.mask() + 1, FEWEST, "no more than are needed");
    assert_eq!(sessions.after(0).collect::<Vec<_>>(), old);
    // More than all: the part in use grows, and those that are there stay.
    let more: Vec<i64> = (0..3 * FEWEST).filter_map(|_| sessions.open(&birth(1))).collect();
    assert_eq!(more.len(), 3 * FEWEST);
    assert!(sessions.mask() >= 4 * FEWEST - 1);
    let all: Vec<i64> = old.iter().chain(&more).copied().collect();
    assert_eq!(sessions.after(0).collect::<Vec<_>>(), all);
    assert_eq!(sessions.after(old[50]).count(), all.len() - 51);
    assert!(all.iter().all(|id| sessions.info(*id).is_some()));
    sessions.forget(1);
    assert_eq!(sessions.after(0).collect::<Vec<_>>(), old);
    old.iter().for_each(|id| sessions.close(*id));
    assert_eq!(sessions.count(), 0);
}
