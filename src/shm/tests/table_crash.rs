//! A table whose users are killed, at every single point and at random.

use super::Child;
use super::table::{Content, get, key, keys, put, table};
use crate::shm::pool::Shared;
use crate::shm::table::{Table, Value, crash};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};
use std::time::{Duration, Instant};

type All = BTreeMap<Vec<u8>, Content>;

/// Everything in the table. Also makes sure that all of it agrees.
fn everything(table: &Table) -> All {
    let all: All = keys(table).into_iter().map(|name| (name.clone(), get(table, &name).expect("listed"))).collect();
    let stats = table.stats();
    assert_eq!(table.len(), all.len() as u64);
    assert_eq!(stats.rows, stats.inserts - stats.deletes);
    assert_eq!(stats.rows, all.len() as u64);
    let mut homes = [0_u64; 64];
    for name in all.keys() {
        homes[key_number(name) % 64] += 1;
    }
    let slices = homes.iter().map(|count| count.saturating_sub(1)).sum::<u64>();
    assert_eq!(stats.free_slices, stats.slices - slices, "no slice is lost or used twice");
    all
}

fn key_number(name: &[u8]) -> usize {
    name.iter().take_while(|byte| byte.is_ascii_digit()).fold(0, |sum, byte| sum * 10 + usize::from(byte - b'0'))
}

fn row(number: i64) -> Content {
    (number, number as f64, vec![b'a' + number as u8; 9], -number)
}

fn filled() -> Table {
    let table = table(64, 0.2);
    for (number, name) in ["7a", "7b", "7c", "9"].into_iter().enumerate() {
        let _ = put(&table, name.as_bytes(), &row(number as i64));
    }
    table
}

/// Runs `change` in children that die at their first, second, third, ... point, until one survives.
fn at_every_point<T>(what: &str, change: impl Fn(&Table) -> T) {
    from_this_on(what, filled, change);
}

/// [`at_every_point`] from another state.
fn from_this_on<T>(what: &str, filled: impl Fn() -> Table, change: impl Fn(&Table) -> T) {
    let (before, after) = (everything(&filled()), {
        let table = filled();
        change(&table);
        everything(&table)
    });
    assert_ne!(before, after, "{what}");
    for point in 0.. {
        let table = filled();
        let survived = Child::run(|| {
            crash::COUNTDOWN.with(|left| left.set(point));
            change(&table);
            true
        })
        .succeeded();
        // Readers need nobody's leave.
        let seen: All =
            before.keys().chain(after.keys()).filter_map(|name| Some((name.clone(), get(&table, name)?))).collect();
        assert!(seen == before || seen == after, "{what}, point {point}: {seen:?}");
        // Asking for the number alone finds it right too.
        assert_eq!(table.len(), seen.len() as u64, "{what}, point {point}");
        assert_eq!(everything(&table), seen, "{what}, point {point}");
        // Whoever comes next can do anything.
        change(&table);
        let again = everything(&table);
        for name in ["7a", "7b", "7c", "7new", "9", "10", "7z", "7y"] {
            let _ = put(&table, name.as_bytes(), &row(5));
        }
        for name in everything(&table).keys() {
            assert!(table.delete(key(name)), "{what}, point {point}");
        }
        assert_eq!(table.stats().free_slices, 12);
        drop(again);
        if survived {
            assert_eq!(seen, after, "{what}");
            assert!(point > 1, "{what}: it has points");
            return;
        }
    }
}

#[test]
fn killed_while_changing_one_column() {
    at_every_point("number", |table| table.add_int(key(b"7b"), 0, 100));
    at_every_point("text", |table| {
        let _ = table.set(key(b"7b"), |column| (column == 2).then_some(Value::Text(b"another text")));
    });
}

#[test]
fn killed_while_changing_a_row() {
    at_every_point("home row", |table| put(table, b"7a", &row(20)));
    at_every_point("slice", |table| put(table, b"7c", &row(20)));
}

#[test]
fn killed_while_inserting() {
    at_every_point("free home", |table| put(table, b"10", &row(20)));
    at_every_point("chain", |table| put(table, b"7new", &row(20)));
    let with_used_slice = || {
        let table = filled();
        table.delete(key(b"7b"));
        table
    };
    from_this_on("used slice", with_used_slice, |table| put(table, b"7new", &row(20)));
}

#[test]
fn killed_while_deleting() {
    at_every_point("only row", |table| table.delete(key(b"9")));
    at_every_point("home of a chain", |table| table.delete(key(b"7a")));
    at_every_point("middle", |table| table.delete(key(b"7b")));
    at_every_point("end", |table| table.delete(key(b"7c")));
}

/// Four processes count, write rows whose columns belong together, insert and delete; one is killed again and again.
#[test]
fn killed_at_random() {
    let table = table(64, 1.0);
    // What each place did, written after it was done: a killed process may have done one more.
    let done: Vec<_> = (0..4).map(|_| Shared::<AtomicI64>::new().expect("memory")).collect();
    let stop = Shared::<AtomicU32>::new().expect("memory");
    let work = |place: usize| {
        let mut number = std::process::id() as i64;
        let mut consistent = true;
        while stop.load(Ordering::Relaxed) == 0 && consistent {
            number += 1;
            let content = (number, number as f64, vec![b'a' + (number % 26) as u8; (number % 17) as usize], -number);
            let (shared, own) = (format!("7s{}", number % 5), format!("{place}own{}", number % 3));
            let _ = put(&table, shared.as_bytes(), &content);
            let seen = get(&table, shared.as_bytes());
            consistent &= seen.is_none_or(|(int, float, text, minus)| {
                int == -minus && float == int as f64 && text == vec![b'a' + (int % 26) as u8; (int % 17) as usize]
            });
            let _ = put(&table, own.as_bytes(), &content);
            consistent &= get(&table, own.as_bytes()).is_none_or(|seen| seen == content);
            let before = done[place].load(Ordering::Relaxed);
            if table.add_int(key(b"7count"), 3, 1).is_ok() {
                done[place].store(before + 1, Ordering::Relaxed);
            }
            table.delete(key(shared.as_bytes()));
            table.delete(key(own.as_bytes()));
        }
        consistent
    };
    let mut children: Vec<_> = (0..4).map(|place| Child::run(|| work(place))).collect();
    let end = Instant::now() + Duration::from_millis(1200);
    let mut kills = 0;
    for place in (0..4).cycle() {
        std::thread::sleep(Duration::from_millis(3));
        if Instant::now() > end {
            break;
        }
        children[place].kill();
        children[place] = Child::run(|| work(place));
        kills += 1;
    }
    stop.store(1, Ordering::Relaxed);
    for child in children {
        assert!(child.succeeded(), "a torn row");
    }
    let sum: i64 = done.iter().map(|count| count.load(Ordering::Relaxed)).sum();
    let count = get(&table, b"7count").expect("is there").3;
    assert!(count >= sum && count <= sum + kills, "{count} is not {sum} and at most {kills} more");
    everything(&table);
}
