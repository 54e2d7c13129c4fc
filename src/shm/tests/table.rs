//! What a table holds, compared with a plain map.

use crate::shm::table::{Cursor, Design, Full, Key, Kind, Table, Value};
use std::collections::{BTreeMap, HashMap};

/// Columns: an integer, a float, a text of 16 bytes, an integer.
pub(super) fn table(rows: i64, proportion: f64) -> Table {
    let mut design = Design::new(rows, proportion);
    design.add(Kind::Int, 0);
    design.add(Kind::Float, 0);
    design.add(Kind::Text, 10);
    design.add(Kind::Int, 0);
    design.create().expect("memory")
}

/// A key whose home is its first number.
pub(super) fn key(bytes: &[u8]) -> Key<'_> {
    let hash =
        bytes.iter().take_while(|byte| byte.is_ascii_digit()).fold(0, |sum, byte| sum * 10 + u64::from(byte - b'0'));
    Key::new(hash, bytes)
}

pub(super) type Content = (i64, f64, Vec<u8>, i64);

pub(super) fn get(table: &Table, name: &[u8]) -> Option<Content> {
    table.read(key(name), |row| {
        let text = row.text(2);
        let mut bytes = vec![0; text.len()];
        text.copy(&mut bytes);
        (row.int(0), row.float(1), bytes, row.int(3))
    })
}

pub(super) fn put(table: &Table, name: &[u8], content: &Content) -> Result<bool, Full> {
    table.set(key(name), |column| {
        Some(match column {
            0 => Value::Int(content.0),
            1 => Value::Float(content.1),
            2 => Value::Text(&content.2),
            _ => Value::Int(content.3),
        })
    })
}

/// Every key, in the table's order.
pub(super) fn keys(table: &Table) -> Vec<Vec<u8>> {
    let mut cursor = Cursor::default();
    std::iter::from_fn(|| table.advance(&mut cursor, |key, _| key.to_vec())).collect()
}

#[test]
fn sizes_are_swooles() {
    for (rows, proportion, slices, memory) in [
        (0, 0.2, 12, 1728),
        (1000, 0.2, 204, 204 * 140 + 48),
        (64, 1.0, 64, 9008),
        (64, 0.33, 21, 2988),
        (64, -1.0, 12, 1728),
    ] {
        let mut design = Design::new(rows, proportion);
        design.add(Kind::Int, 3);
        design.add(Kind::Text, 5);
        design.add(Kind::Float, 0);
        let table = design.create().expect("memory");
        assert_eq!((table.stats().slices, table.swoole_memory_size()), (slices, memory), "{rows} {proportion}");
    }
    assert_eq!(Design::new(-1, 0.2).rows(), 1 << 31);
    assert_eq!(Design::new((1 << 32) + 65, 0.2).rows(), 128);
    let mut huge = Design::new(1 << 31, 0.2);
    huge.add(Kind::Text, 1 << 20);
    assert!(huge.create().is_err());
    assert_eq!(huge.swoole_mapping().next_multiple_of(8) + 8, 2_702_424_453_793_848);
}

#[test]
fn columns_are_kept_apart_and_texts_are_cut() {
    let table = table(64, 0.2);
    assert_eq!(put(&table, b"1", &(5, 1.5, b"0123456789abcdefg".to_vec(), -5)), Ok(true));
    assert_eq!(get(&table, b"1"), Some((5, 1.5, b"0123456789abcdef".to_vec(), -5)));
    assert_eq!(table.set(key(b"1"), |column| (column == 2).then_some(Value::Text(b"x"))), Ok(false));
    assert_eq!(get(&table, b"1"), Some((5, 1.5, b"x".to_vec(), -5)));
    assert_eq!(
        table.set(key(b"1"), |column| (column % 2 == 0).then_some(Value::Int(9)).filter(|_| column == 0)),
        Ok(false)
    );
    assert_eq!(table.add_int(key(b"1"), 3, i64::MIN), Ok(i64::MAX - 4));
    assert_eq!(table.add_float(key(b"1"), 1, -2.0), Ok(-0.5));
    assert_eq!(get(&table, b"1"), Some((9, -0.5, b"x".to_vec(), i64::MAX - 4)));
    assert_eq!(table.add_float(key(b"2"), 1, 2.5), Ok(2.5));
    assert_eq!(get(&table, b"2"), Some((0, 2.5, Vec::new(), 0)), "a new row is empty");
    assert_eq!((table.len(), table.stats().updates, table.stats().inserts), (2, 4, 2));
}

#[test]
fn chains_fill_shrink_and_keep_their_order() {
    let table = table(64, 0.2);
    let row = (1, 0.0, b"t".to_vec(), 2);
    for name in ["7a", "7b", "7c", "8", "7d", "71"] {
        assert_eq!(put(&table, name.as_bytes(), &row), Ok(true));
    }
    let order =
        |table: &Table| keys(table).iter().map(|key| String::from_utf8_lossy(key).into_owned()).collect::<Vec<_>>();
    assert_eq!(order(&table), ["7a", "7b", "7c", "7d", "71", "8"]);
    assert!(table.delete(key(b"7a")) && !table.delete(key(b"7a")) && !table.delete(key(b"7x")));
    assert_eq!(order(&table), ["7b", "7c", "7d", "71", "8"], "the next moves in");
    assert!(table.delete(key(b"7d")));
    assert_eq!(put(&table, b"7a", &row), Ok(true));
    assert_eq!(order(&table), ["7b", "7c", "71", "7a", "8"]);
    for name in ["7b", "7c", "71", "7a", "8"] {
        assert_eq!(get(&table, name.as_bytes()), Some(row.clone()), "{name}");
        assert!(table.delete(key(name.as_bytes())), "{name}");
    }
    assert!(table.is_empty() && order(&table).is_empty());
    let stats = table.stats();
    assert_eq!((stats.free_slices, stats.slices, stats.inserts, stats.deletes), (12, 12, 7, 7));
}

#[test]
fn full_is_full_and_free_again() {
    let table = table(64, 0.2);
    let names: Vec<_> = (0..13).map(|index| format!("3x{index}")).collect();
    for name in &names {
        assert_eq!(table.add_int(key(name.as_bytes()), 0, 1), Ok(1));
    }
    assert_eq!(table.add_int(key(b"3full"), 0, 1), Err(Full));
    assert_eq!(table.set(key(b"3full"), |_| None), Err(Full));
    assert_eq!(table.add_int(key(b"4"), 0, 1), Ok(1), "other homes are free");
    let stats = table.stats();
    assert_eq!((stats.rows, stats.conflicts, stats.longest_chain, stats.free_slices), (14, 14, 13, 0));
    assert!(table.delete(key(names[5].as_bytes())));
    assert_eq!(table.add_int(key(b"3full"), 0, 1), Ok(1));
}

#[test]
fn long_keys_are_cut_after_hashing() {
    let table = table(64, 0.2);
    let long = |home: u64, tail: &str| (home, "k".repeat(63) + tail);
    for (home, name) in [long(1, ""), long(2, "a"), long(3, "b")] {
        assert_eq!(table.add_int(Key::new(home, name.as_bytes()), 0, home as i64), Ok(home as i64));
    }
    let (_, name) = long(0, "other");
    assert_eq!(table.read(Key::new(2, name.as_bytes()), |row| row.int(0)), Some(2));
    assert!(!table.has(Key::new(4, name.as_bytes())));
    assert_eq!(keys(&table), vec![b"k".repeat(63); 3]);
}

#[test]
fn a_thousand_random_changes_are_those_of_a_map() {
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    let table = table(64, 1.0);
    let mut map = HashMap::<Vec<u8>, Content>::new();
    for step in 0..20_000_i64 {
        let name = format!("{}", random(150)).into_bytes();
        match random(5) {
            0 | 1 => {
                let text = vec![b'a' + random(26) as u8; random(17) as usize];
                let content = (step, step as f64 / 2.0, text, -step);
                if put(&table, &name, &content).is_ok() {
                    map.insert(name, content);
                } else {
                    assert!(!map.contains_key(&name));
                }
            }
            2 => {
                if let Ok(sum) = table.add_int(key(&name), 3, step) {
                    let content = map.entry(name).or_insert_with(|| (0, 0.0, Vec::new(), 0));
                    content.3 += step;
                    assert_eq!(sum, content.3);
                }
            }
            3 => assert_eq!(table.delete(key(&name)), map.remove(&name).is_some()),
            _ => assert_eq!(get(&table, &name), map.get(&name).cloned()),
        }
        assert_eq!(table.len(), map.len() as u64);
    }
    let held: BTreeMap<_, _> =
        keys(&table).into_iter().map(|name| (name.clone(), get(&table, &name).expect("is there"))).collect();
    assert_eq!(held, map.into_iter().collect());
}
