//! A small resolver: asks name servers for addresses over UDP.
//!
//! Only answers with the number of the question and the name that was asked for count; everything else that arrives is left
//! lying. A server that does not answer within [`PATIENCE`] is followed by the next one, round and round, so callers put a
//! time-out around it.

use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, QCLASS, QTYPE, Question, RCODE, TYPE};
use std::fs;
use std::hash::{BuildHasher, RandomState};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;
use tokio::net::UdpSocket;

/// The port of name servers.
const PORT: u16 = 53;
/// How long a server has to answer before the next one is asked.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest answer that is read.
const ANSWER: usize = 4096;

/// There is no answer, and none will come.
#[derive(Debug, PartialEq, Eq)]
pub struct NotFound;

/// A number that others cannot guess.
pub fn random() -> u64 {
    // Its keys come from the system.
    RandomState::new().hash_one(())
}

/// The name server that `text` names: an address, or `address:port` (`[address]:port`).
pub fn server(text: &str) -> Option<SocketAddr> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(SocketAddr::new(address, PORT));
    }
    if let Ok(address) = text.parse::<SocketAddr>() {
        return Some(if address.port() == 0 { SocketAddr::new(address.ip(), PORT) } else { address });
    }
    // What stands behind the colon is no port.
    let (address, _) = text.split_once(':')?;
    Some(SocketAddr::new(address.parse().ok()?, PORT))
}

/// The system's name servers.
pub fn system_servers() -> Vec<SocketAddr> {
    servers_in(&fs::read_to_string("/etc/resolv.conf").unwrap_or_default())
}

fn servers_in(resolv_conf: &str) -> Vec<SocketAddr> {
    let address = |line: &str| {
        let mut words = line.split_whitespace();
        if words.next() != Some("nameserver") {
            return None;
        }
        // The scope of a link-local address is of no use to a socket that is not bound to it.
        words.next()?.split('%').next()?.parse().ok()
    };
    resolv_conf.lines().filter_map(address).map(|address| SocketAddr::new(address, PORT)).collect()
}

/// The first address of this family that `/etc/hosts` has for `host`.
pub fn in_hosts_file(host: &str, v6: bool) -> Option<IpAddr> {
    in_hosts(&String::from_utf8_lossy(&fs::read("/etc/hosts").unwrap_or_default()), host, v6)
}

fn in_hosts(hosts: &str, host: &str, v6: bool) -> Option<IpAddr> {
    hosts.lines().find_map(|line| {
        let mut words = line.split('#').next()?.split_whitespace();
        let address: IpAddr = words.next()?.parse().ok()?;
        (address.is_ipv6() == v6 && words.any(|name| name.eq_ignore_ascii_case(host))).then_some(address)
    })
}

/// Asks `servers` for the addresses of `host`.
///
/// # Errors
/// `host` is no name, there is no server that can be asked, or all that they say is that there is none.
pub async fn look_up(host: &str, v6: bool, servers: &[SocketAddr]) -> Result<Vec<IpAddr>, NotFound> {
    let id = random() as u16;
    let question = question(id, host, v6).ok_or(NotFound)?;
    // Servers that were asked in vain one after the other; a silent one may yet answer.
    let mut failures = 0;
    for server in servers.iter().cycle() {
        match tokio::time::timeout(PATIENCE, ask(*server, &question, id, host, v6)).await {
            Ok(Ok(Answer::Found(addresses))) => return Ok(addresses),
            Ok(Ok(Answer::None)) => return Err(NotFound),
            Ok(Ok(Answer::Refused) | Err(_)) => failures += 1,
            Err(_) => failures = 0,
        }
        if failures == servers.len() {
            break;
        }
    }
    Err(NotFound)
}

fn question(id: u16, host: &str, v6: bool) -> Option<Vec<u8>> {
    let mut packet = Packet::new_query(id);
    packet.set_flags(PacketFlag::RECURSION_DESIRED);
    let kind = if v6 { TYPE::AAAA } else { TYPE::A };
    let name = Name::new(host.strip_suffix('.').unwrap_or(host)).ok()?;
    packet.questions.push(Question::new(name, QTYPE::TYPE(kind), QCLASS::CLASS(CLASS::IN), false));
    packet.build_bytes_vec().ok()
}

/// What a server said.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    Found(Vec<IpAddr>),
    /// There is no such name, or it has no such address.
    None,
    /// It cannot tell.
    Refused,
}

async fn ask(server: SocketAddr, question: &[u8], id: u16, host: &str, v6: bool) -> io::Result<Answer> {
    let any = if server.is_ipv6() { IpAddr::V6(Ipv6Addr::UNSPECIFIED) } else { IpAddr::V4(Ipv4Addr::UNSPECIFIED) };
    let socket = UdpSocket::bind((any, 0)).await?;
    socket.connect(server).await?;
    socket.send(question).await?;
    let mut packet = vec![0; ANSWER];
    loop {
        let length = socket.recv(&mut packet).await?;
        if let Some(answer) = read(&packet[..length], id, host, v6) {
            return Ok(answer);
        }
    }
}

/// What `packet` says, if it is an answer to this question.
fn read(packet: &[u8], id: u16, host: &str, v6: bool) -> Option<Answer> {
    let packet = Packet::parse(packet).ok()?;
    if packet.id() != id || !packet.has_flags(PacketFlag::RESPONSE) {
        return None;
    }
    let host = host.strip_suffix('.').unwrap_or(host);
    if !packet.questions.first()?.qname.to_string().eq_ignore_ascii_case(host) {
        return None;
    }
    match packet.rcode() {
        RCODE::NoError => {}
        RCODE::NameError => return Some(Answer::None),
        _ => return Some(Answer::Refused),
    }
    let address = |data: &RData<'_>| match data {
        RData::A(a) if !v6 => Some(IpAddr::V4(Ipv4Addr::from(a.address))),
        RData::AAAA(a) if v6 => Some(IpAddr::V6(Ipv6Addr::from(a.address))),
        _ => None,
    };
    let addresses: Vec<IpAddr> = packet.answers.iter().filter_map(|record| address(&record.rdata)).collect();
    Some(if addresses.is_empty() { Answer::None } else { Answer::Found(addresses) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use simple_dns::ResourceRecord;
    use simple_dns::rdata::{A, CNAME};
    use std::time::Instant;

    fn reply(question: &[u8], change: impl FnOnce(&mut Packet<'_>)) -> Vec<u8> {
        let question = Packet::parse(question).unwrap();
        let mut packet = question.clone().into_reply();
        let name = Name::new("other.test").unwrap();
        let owner = question.questions[0].qname.clone();
        packet.answers.push(ResourceRecord::new(owner, CLASS::IN, 9, RData::CNAME(CNAME(name.clone()))));
        for last in [1, 2] {
            let address = A { address: u32::from(Ipv4Addr::new(10, 0, 0, last)) };
            packet.answers.push(ResourceRecord::new(name.clone(), CLASS::IN, 9, RData::A(address)));
        }
        change(&mut packet);
        packet.build_bytes_vec_compressed().unwrap()
    }

    async fn receive(server: &UdpSocket) -> (Vec<u8>, SocketAddr) {
        let mut packet = vec![0; 600];
        let (length, from) = server.recv_from(&mut packet).await.unwrap();
        packet.truncate(length);
        (packet, from)
    }

    #[tokio::test(flavor = "current_thread")]
    async fn only_the_right_answer_counts() {
        let server = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let addresses = [server.local_addr().unwrap()];
        let served = async {
            let (question, from) = receive(&server).await;
            let other_id = reply(&question, |packet| packet.set_id(packet.id() ^ 1));
            let other_name = reply(&question, |packet| packet.questions[0].qname = Name::new("x.test").unwrap());
            for packet in [&b"garbage"[..], &[0; 40], &question, &other_id, &other_name, &reply(&question, |_| ())] {
                server.send_to(packet, from).await.unwrap();
            }
        };
        let (found, ()) = tokio::join!(look_up("Host.test.", false, &addresses), served);
        assert_eq!(found, Ok(vec!["10.0.0.1".parse().unwrap(), "10.0.0.2".parse().unwrap()]));
    }

    #[tokio::test(flavor = "current_thread")]
    async fn a_server_that_refuses_or_is_not_there_is_followed_by_the_next() {
        let server = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let gone = UdpSocket::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let addresses = [gone, server.local_addr().unwrap()];
        let served = async {
            for code in [RCODE::ServerFailure, RCODE::NameError] {
                let (question, from) = receive(&server).await;
                let answer = reply(&question, |packet| *packet.rcode_mut() = code);
                server.send_to(&answer, from).await.unwrap();
            }
        };
        let asked = Instant::now();
        let (found, ()) = tokio::join!(
            async {
                // Both have failed, the first without a word from anyone.
                assert_eq!(look_up("host.test", false, &addresses).await, Err(NotFound));
                look_up("host.test", false, &addresses).await
            },
            served
        );
        assert_eq!(found, Err(NotFound));
        assert!(asked.elapsed() < PATIENCE);
        assert_eq!(look_up("host.test", false, &[]).await, Err(NotFound));
        assert_eq!(look_up(&"x".repeat(64), false, &addresses).await, Err(NotFound));
        assert_eq!(look_up(&"x.".repeat(200), false, &addresses).await, Err(NotFound));
    }

    #[test]
    fn configuration() {
        let found = servers_in(
            "# nameserver 9.9.9.9\nsearch x\nnameserver 10.1.1.1\nnameserver\tfe80::1%eth0 # two\nnameserver x\n",
        );
        assert_eq!(found, ["10.1.1.1:53".parse().unwrap(), "[fe80::1]:53".parse().unwrap()]);
        let hosts = "127.0.0.1 localhost\n::1 localhost # 10.0.0.1 host\n 10.0.0.2\thost HOST2\n10.0.0.3 host\nx y\n";
        assert_eq!(in_hosts(hosts, "host2", false), "10.0.0.2".parse().ok());
        assert_eq!(in_hosts(hosts, "localhost", true), "::1".parse().ok());
        assert_eq!(in_hosts(hosts, "host", true), None);
        assert_eq!(server("10.0.0.1"), "10.0.0.1:53".parse().ok());
        assert_eq!(server("10.0.0.1:5353"), "10.0.0.1:5353".parse().ok());
        assert_eq!(server("10.0.0.1:x"), "10.0.0.1:53".parse().ok());
        assert_eq!(server("10.0.0.1:0"), "10.0.0.1:53".parse().ok());
        assert_eq!(server("[::1]:5353"), "[::1]:5353".parse().ok());
        assert_eq!(server("::1"), "[::1]:53".parse().ok());
        assert_eq!(server("anything"), None);
        assert_ne!(random(), random());
    }
}
