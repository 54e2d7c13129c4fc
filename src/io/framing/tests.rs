use super::*;
use std::cell::Cell;
use std::rc::Rc;

fn by_eof(mark: &[u8], split: bool) -> Settings {
    Settings { eof_check: true, eof_split: split, eof: mark.to_vec(), ..Settings::default() }
}

fn by_length(code: u8, offset: usize, body_offset: usize) -> Settings {
    let kind = LengthType::from_code(code).expect("a code of pack()");
    let length = Length { rule: Rule::Field, kind, offset, body_offset };
    Settings { length_check: true, length, ..Settings::default() }
}

fn by_rule(rule: Rule) -> Settings {
    Settings { length_check: true, length: Length { rule, ..Length::default() }, ..Settings::default() }
}

/// Packets of a stream that comes in these chunks.
fn packets(settings: &Settings, chunks: &[&[u8]]) -> Result<Vec<Vec<u8>>, Refusal> {
    let mut framer = Framer::new(settings.framing(Precedence::Eof));
    let mut all = Vec::new();
    for chunk in chunks {
        framer.push(chunk, |packet| {
            all.push(packet.to_vec());
            true
        })?;
    }
    Ok(all)
}

#[test]
fn without_a_rule_each_read_is_a_packet() {
    let got = packets(&Settings::default(), &[b"ab", b"c"]).expect("no rule");
    assert_eq!(got, [b"ab".to_vec(), b"c".to_vec()]);
}

#[test]
fn a_mark_is_found_across_chunks() {
    let got = packets(&by_eof(b"\r\n", true), &[b"ab\r", b"\ncd\r\n\r\ne"]).expect("marks");
    assert_eq!(got, [b"ab\r\n".to_vec(), b"cd\r\n".to_vec(), b"\r\n".to_vec()]);
}

#[test]
fn a_mark_whose_first_bytes_repeat_is_found() {
    let got = packets(&by_eof(b"aab", true), &[b"aaaab", b"a", b"ab"]).expect("marks");
    assert_eq!(got, [b"aaaab".to_vec(), b"aab".to_vec()]);
}

#[test]
fn without_split_only_the_end_of_a_read_ends_a_packet() {
    let got = packets(&by_eof(b"\n", false), &[b"a\nb\n", b"c\nd", b"\n"]).expect("marks");
    assert_eq!(got, [b"a\nb\n".to_vec(), b"c\nd\n".to_vec()]);
}

#[test]
fn a_packet_without_a_mark_is_refused_at_the_limit() {
    for split in [true, false] {
        let settings = Settings { max: 4, ..by_eof(b"\n", split) };
        assert_eq!(packets(&settings, &[b"abc\n"]), Ok(vec![b"abc\n".to_vec()]));
        assert_eq!(packets(&settings, &[b"ab", b"cd"]), Err(Refusal::NoEof { received: 4 }));
        assert_eq!(packets(&settings, &[b"abcd\n"]), Err(Refusal::NoEof { received: 4 }));
    }
}

#[test]
fn every_code_of_pack_is_read() {
    let cases: [(u8, &[u8]); 14] = [
        (b'c', &[3]),
        (b'C', &[3]),
        (b's', &3i16.to_ne_bytes()),
        (b'S', &3u16.to_ne_bytes()),
        (b'n', &[0, 3]),
        (b'v', &[3, 0]),
        (b'l', &3i32.to_ne_bytes()),
        (b'L', &3u32.to_ne_bytes()),
        (b'N', &[0, 0, 0, 3]),
        (b'V', &[3, 0, 0, 0]),
        (b'q', &3i64.to_ne_bytes()),
        (b'Q', &3u64.to_ne_bytes()),
        (b'J', &[0, 0, 0, 0, 0, 0, 0, 3]),
        (b'P', &[3, 0, 0, 0, 0, 0, 0, 0]),
    ];
    for (code, field) in cases {
        let packet = [b"h", field, b"abc"].concat();
        let got = packets(&by_length(code, 1, 1 + field.len()), &[&packet, b"h"]).expect("a length");
        assert_eq!(got, [packet], "{}", code as char);
    }
    for code in [b'i', b'I', b'A', 0] {
        assert_eq!(LengthType::from_code(code), None);
    }
}

#[test]
fn impossible_lengths_are_refused() {
    let malformed = |code, field: &[u8]| {
        assert_eq!(
            packets(&by_length(code, 0, field.len()), &[field]),
            Err(Refusal::Malformed { received: field.len() }),
            "{}",
            code as char
        );
    };
    malformed(b'c', &[0x80]);
    malformed(b's', &(-1i16).to_ne_bytes());
    malformed(b'l', &(-1i32).to_ne_bytes());
    malformed(b'q', &(-1i64).to_ne_bytes());
    malformed(b'J', &[0xff; 8]);
    assert_eq!(
        packets(&by_length(b'N', 0, 4), &[&[0xff; 4]]),
        Err(Refusal::LengthTooLarge { length: 0xffff_ffff + 4 })
    );
    assert_eq!(
        packets(&by_length(b'J', 0, 8), &[&i64::MAX.to_be_bytes()]),
        Err(Refusal::LengthTooLarge { length: i64::MAX })
    );
    assert_eq!(packets(&by_length(b'N', 0, 0), &[&[0; 4]]), Err(Refusal::NoLength { received: 4 }));
}

#[test]
fn a_length_may_be_shorter_than_its_own_field() {
    // As in Swoole: a packet of 3 bytes, although its length took 4; the fourth begins the next one.
    let got = packets(&by_length(b'N', 0, 0), &[&[0, 0, 0, 3]]).expect("short");
    assert_eq!(got, [[0, 0, 0]]);
}

#[test]
fn a_function_may_ask_for_more() {
    let calls = Rc::new(Cell::new(0));
    let counted = calls.clone();
    let rule = Rule::Function(Rc::new(move |bytes: &[u8]| {
        counted.set(counted.get() + 1);
        if bytes.len() < 2 { 0 } else { i64::from(bytes[1]) - 100 }
    }));
    assert_eq!(packets(&by_rule(rule.clone()), &[b"a", b"g", b"b"]), Ok(vec![b"agb".to_vec()]));
    assert_eq!(calls.get(), 3);
    assert_eq!(packets(&by_rule(rule), &[b"aa"]), Err(Refusal::Malformed { received: 2 }));
    let never = by_rule(Rule::Function(Rc::new(|_: &[u8]| 0)));
    assert_eq!(packets(&never, &[&[0; 9000]]), Err(Refusal::NoLength { received: 9000 }));
}

#[test]
fn records_of_fast_cgi_and_mqtt_are_measured() {
    let record = [1, 6, 0, 1, 0, 3, 2, 0, b'a', b'b', b'c', 0, 0];
    assert_eq!(packets(&by_rule(Rule::FastCgi), &[&record[..5], &record[5..]]), Ok(vec![record.to_vec()]));
    let short = [0x30, 3, b'a', b'b', b'c'];
    assert_eq!(packets(&by_rule(Rule::Mqtt), &[&short[..1], &short[1..]]), Ok(vec![short.to_vec()]));
    let mut long = vec![0x30, 0x80, 0x01];
    long.resize(3 + 128, 7);
    assert_eq!(packets(&by_rule(Rule::Mqtt), &[&long]), Ok(vec![long.clone()]));
    assert_eq!(packets(&by_rule(Rule::Mqtt), &[&[0x30, 255, 255, 255, 255]]), Err(Refusal::Malformed { received: 5 }));
}

#[test]
fn who_reads_decides_between_both_rules() {
    let both = Settings { eof_check: true, eof_split: true, ..by_length(b'N', 0, 4) };
    let bytes = [0, 0, 0, 1, b'x', b'\r', b'\n'];
    let first = |precedence| both.framing(precedence).step(&bytes, &mut Progress::default());
    assert_eq!(first(Precedence::Length), Ok(Step::Packet(5)));
    assert_eq!(first(Precedence::Eof), Ok(Step::Packet(7)));
}

#[test]
fn the_rest_is_kept_when_the_reader_stops() {
    let mut framer = Framer::new(by_eof(b"\n", true).framing(Precedence::Eof));
    let mut got = Vec::new();
    framer
        .push(b"a\nb\nc", |packet| {
            got.push(packet.to_vec());
            false
        })
        .expect("marks");
    assert_eq!(framer.buffered(), b"b\nc");
    framer
        .drain(|packet| {
            got.push(packet.to_vec());
            true
        })
        .expect("marks");
    assert_eq!(got, [b"a\n".to_vec(), b"b\n".to_vec()]);
    assert_eq!(framer.buffered(), b"c");
    framer.consume(1);
    assert!(framer.is_empty());
}

#[test]
fn a_long_packet_gets_all_the_room_it_needs() {
    let mut framer = Framer::new(by_length(b'N', 0, 4).framing(Precedence::Eof));
    framer.push(&100_000u32.to_be_bytes(), |_| panic!("no packet yet")).expect("a length");
    assert_eq!(framer.missing(), 100_000);
    let room = framer.room();
    assert!(room.len() >= 100_000);
    room[..100_000].fill(7);
    framer.filled(100_000);
    let mut length = 0;
    framer
        .drain(|packet| {
            length = packet.len();
            true
        })
        .expect("a length");
    assert_eq!(length, 100_004);
    assert!(framer.is_empty() && framer.buffer.is_empty(), "an idle connection keeps no large buffer");
}

/// A generator of numbers, the same in each run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }

    fn bytes(&mut self, length: usize, values: usize) -> Vec<u8> {
        (0..length).map(|_| self.below(values) as u8).collect()
    }
}

/// Feeds `stream` in random chunks, through `push` or `room`.
fn in_chunks(numbers: &mut Numbers, framing: Framing, stream: &[u8]) -> Result<(Vec<Vec<u8>>, Vec<u8>), Refusal> {
    let mut framer = Framer::new(framing);
    let (mut all, mut rest) = (Vec::new(), stream);
    while !rest.is_empty() {
        let most = [1, 3, 50, 20_000][numbers.below(4)];
        let chunk = &rest[..rest.len().min(1 + numbers.below(most))];
        let stop = numbers.below(4) == 0;
        let mut each = |packet: &[u8]| {
            all.push(packet.to_vec());
            !stop
        };
        let mut taken = chunk.len();
        if numbers.below(2) == 0 {
            framer.push(chunk, &mut each)?;
        } else {
            let room = framer.room();
            taken = taken.min(room.len());
            room[..taken].copy_from_slice(&chunk[..taken]);
            framer.filled(taken);
            framer.drain(&mut each)?;
        }
        rest = &rest[taken..];
    }
    framer.drain(|packet| {
        all.push(packet.to_vec());
        true
    })?;
    Ok((all, framer.buffered().to_vec()))
}

#[test]
fn chunks_do_not_change_packets() {
    let mut numbers = Numbers(88172645463325252);
    for round in 0..400 {
        let (settings, whole) = if round % 2 == 0 {
            let mark = numbers.bytes(1 + round % 3, 2);
            // Up to the mark's first place in it.
            let made = (0..20).map(|_| {
                let length = numbers.below(60);
                let text = [numbers.bytes(length, 3), mark.clone()].concat();
                let end = (0..).find(|at| text[*at..].starts_with(&mark)).expect("it ends so") + mark.len();
                text[..end].to_vec()
            });
            let made: Vec<_> = made.collect();
            (by_eof(&mark, true), made)
        } else {
            let made = (0..20).map(|_| {
                let length = numbers.below([10, 300, 30_000][numbers.0 as usize % 3]);
                [b"h".to_vec(), (length as u16).to_be_bytes().to_vec(), numbers.bytes(length, 256)].concat()
            });
            let made: Vec<_> = made.collect();
            (by_length(b'n', 1, 3), made)
        };
        let mut stream = whole.concat();
        stream.push(b'h');
        let framing = settings.framing(Precedence::Length);
        let (got, rest) = in_chunks(&mut numbers, framing, &stream).expect("a stream by the rule");
        assert_eq!(got, whole, "round {round}");
        assert_eq!(rest, b"h", "round {round}");
    }
}

#[test]
fn any_bytes_are_packets_or_refused_and_none_is_lost() {
    let mut numbers = Numbers(2463534242);
    for round in 0..2000 {
        let mut settings = match round % 5 {
            0 => by_eof(b"ab", true),
            1 => by_length(b"cCsSnvlLNVqQJP"[numbers.below(14)], numbers.below(5), numbers.below(9)),
            2 => by_rule(Rule::FastCgi),
            3 => by_rule(Rule::Mqtt),
            _ => by_rule(Rule::Function(Rc::new(|bytes: &[u8]| i64::from(bytes[0] as i8)))),
        };
        settings.max = 1 + numbers.below(300);
        let length = numbers.below(2000);
        let stream = numbers.bytes(length, [2, 128, 256][round % 3]);
        let framing = settings.framing(Precedence::Length);
        if let Ok((packets, rest)) = in_chunks(&mut numbers, framing, &stream) {
            assert!(packets.iter().all(|packet| packet.len() <= settings.max && !packet.is_empty()), "round {round}");
            assert_eq!([packets.concat(), rest].concat(), stream, "round {round}");
        }
    }
}
