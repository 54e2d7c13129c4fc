//! What wrk is for HTTP: clients of a WebSocket server that keep it busy, and what they cost themselves is little.
//!
//! `websocket-load echo PORT SIZE SECONDS`: 64 clients, each of which sends its message of SIZE bytes again as soon as it is back.
//! `websocket-load broadcast PORT SIZE SECONDS`: 1,000 clients; when all have the message, the first sends the next.
//! Prints how many messages came back, or how many times one went to all. Ends with an error if anything else comes.

use mio::{Events, Interest, Poll, Token, net::TcpStream};
use std::io::{self, ErrorKind, Read, Write};
use std::time::{Duration, Instant};

const HANDSHAKE: &[u8] = b"GET / HTTP/1.1\r\nHost: bench\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
    Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
const MASK: [u8; 4] = [0x01, 0x7f, 0xa5, 0x33];

fn other(what: &str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, what)
}

/// The head of a text frame; a client's says that the data are masked.
fn head(size: usize, masked: bool) -> Vec<u8> {
    let bit = if masked { 0x80 } else { 0 };
    let mut head = vec![0x81];
    match size {
        0..126 => head.push(bit | size as u8),
        126..65536 => {
            head.push(bit | 126);
            head.extend((size as u16).to_be_bytes());
        }
        _ => {
            head.push(bit | 127);
            head.extend((size as u64).to_be_bytes());
        }
    }
    head
}

/// A connection behind its handshake, no longer blocking.
fn connect(port: u16) -> io::Result<TcpStream> {
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port))?;
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.write_all(HANDSHAKE)?;
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        answer.push(byte[0]);
    }
    if !answer.starts_with(b"HTTP/1.1 101") {
        return Err(other("no handshake"));
    }
    stream.set_nonblocking(true)?;
    Ok(TcpStream::from_std(stream))
}

/// Sends all of it; a server that does not take it at once is waited for.
fn send(stream: &mut TcpStream, mut data: &[u8]) -> io::Result<()> {
    while !data.is_empty() {
        match stream.write(data) {
            Ok(sent) => data = &data[sent..],
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::yield_now(),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

fn run() -> io::Result<u64> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or_else(|| other("usage: websocket-load echo|broadcast PORT SIZE SECONDS"));
    let (what, port, size, seconds) = (next()?, next()?, next()?, next()?);
    let number = |text: &str| text.parse::<u64>().map_err(|_| other("not a number"));
    let (port, size) = (number(&port)? as u16, number(&size)? as usize);
    let echo = what == "echo";

    let data = vec![b'x'; size];
    let mut asks = head(size, true);
    asks.extend(MASK);
    asks.extend(data.iter().enumerate().map(|(at, byte)| byte ^ MASK[at % 4]));
    let mut wanted = head(size, false);
    wanted.extend(&data);

    let mut poll = Poll::new()?;
    let mut clients = Vec::new();
    for at in 0..if echo { 64 } else { 1000 } {
        let mut stream = connect(port)?;
        poll.registry().register(&mut stream, Token(at), Interest::READABLE)?;
        clients.push((stream, 0));
    }
    let senders = if echo { clients.len() } else { 1 };
    for (stream, _) in &mut clients[..senders] {
        send(stream, &asks)?;
    }

    let end = Instant::now() + Duration::from_secs(number(&seconds)?);
    let (mut done, mut here) = (0, 0);
    let mut events = Events::with_capacity(1024);
    let mut buffer = vec![0; 64 << 10];
    while Instant::now() < end {
        poll.poll(&mut events, Some(Duration::from_millis(100)))?;
        for event in &events {
            let (stream, got) = &mut clients[event.token().0];
            loop {
                let read = match stream.read(&mut buffer) {
                    Ok(0) => return Err(other("the connection ended")),
                    Ok(read) => read,
                    Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                    Err(error) => return Err(error),
                };
                if wanted.get(*got..*got + read) != Some(&buffer[..read]) {
                    return Err(other("something else came"));
                }
                *got += read;
                if *got == wanted.len() {
                    *got = 0;
                    if echo {
                        done += 1;
                        send(stream, &asks)?;
                    } else {
                        here += 1;
                    }
                }
                if read < buffer.len() {
                    break;
                }
            }
        }
        if here == clients.len() {
            (done, here) = (done + 1, 0);
            send(&mut clients[0].0, &asks)?;
        }
    }
    Ok(done)
}

fn main() {
    match run() {
        Ok(done) => println!("{done}"),
        Err(error) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
    }
}
