//! Messages from clients, one for each connection: four bytes of length in network order, then the message; the answer likewise.

use crate::io::pipe;
use socket2::{Domain, SockAddr, Socket, Type};
use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr};
use std::os::fd::{AsRawFd, RawFd};
use std::path::PathBuf;

/// A socket that listens.
#[derive(Debug)]
pub struct Port {
    socket: Socket,
    /// A Unix socket's file.
    file: Option<PathBuf>,
}

/// A connection whose message was read.
#[derive(Debug)]
pub struct Client(Socket);

impl Port {
    /// Listens on an IPv4 address; port 0 is any free one.
    ///
    /// # Errors
    /// No IPv4 address, or what the system says.
    pub fn tcp(host: &str, port: u16, backlog: i32) -> io::Result<Self> {
        let host: Ipv4Addr = host.parse().map_err(|_| io::Error::from_raw_os_error(libc::EINVAL))?;
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
        socket.set_reuse_address(true)?;
        Self::listen(socket, &SocketAddr::from((host, port)).into(), backlog, None)
    }

    /// Listens on a Unix socket; a file that is in the way is removed.
    ///
    /// # Errors
    /// What the system says.
    pub fn unix(path: PathBuf, backlog: i32) -> io::Result<Self> {
        let address = SockAddr::unix(&path)?;
        let socket = Socket::new(Domain::UNIX, Type::STREAM, None)?;
        // It may not be there.
        let _ = std::fs::remove_file(&path);
        Self::listen(socket, &address, backlog, Some(path))
    }

    fn listen(socket: Socket, address: &SockAddr, backlog: i32, file: Option<PathBuf>) -> io::Result<Self> {
        socket.bind(address)?;
        socket.listen(backlog)?;
        // Several processes wait for one connection: all but one find none.
        socket.set_nonblocking(true)?;
        Ok(Self { socket, file })
    }

    /// The descriptor that is readable when a client is there.
    pub fn fd(&self) -> RawFd {
        self.socket.as_raw_fd()
    }

    /// Removes the file of a Unix socket: nobody listens any more.
    pub fn remove_file(&self) {
        if let Some(file) = &self.file {
            // It may be gone already.
            let _ = std::fs::remove_file(file);
        }
    }

    /// Takes a client and its message of at most `longest` bytes. `None` when nobody is there, when it sends no message, and when
    /// `give_up`, which is asked after each signal (`bell` is readable then), says so.
    ///
    /// # Errors
    /// What `accept` says.
    pub fn accept(
        &self,
        longest: usize,
        bell: RawFd,
        mut give_up: impl FnMut() -> bool,
    ) -> io::Result<Option<(Client, Vec<u8>)>> {
        let mut client = match self.socket.accept() {
            Ok((client, _)) => client,
            Err(error) if pipe::is_temporary(&error) || error.kind() == io::ErrorKind::ConnectionAborted => {
                return Ok(None);
            }
            Err(error) => return Err(error),
        };
        let mut read = |room: &mut [u8]| -> bool {
            let mut filled = 0;
            while filled < room.len() {
                match pipe::wait_any(&[client.as_raw_fd(), bell], None) {
                    Ok(Some(0)) => match client.read(&mut room[filled..]) {
                        Ok(count @ 1..) => filled += count,
                        Err(error) if pipe::is_temporary(&error) => {}
                        _ => return false,
                    },
                    Ok(_) if !give_up() => {}
                    _ => return false,
                }
            }
            true
        };
        let mut length = [0; 4];
        if !read(&mut length) {
            return Ok(None);
        }
        let length = u32::from_be_bytes(length) as usize;
        if length == 0 || length > longest {
            return Ok(None);
        }
        let mut message = vec![0; length];
        Ok(read(&mut message).then_some((Client(client), message)))
    }
}

impl Client {
    /// Sends the answer, if there is one, and closes the connection.
    ///
    /// # Errors
    /// The client has gone.
    pub fn answer(mut self, answer: &[u8]) -> io::Result<()> {
        if answer.is_empty() {
            return Ok(());
        }
        self.0.write_all(&(answer.len() as u32).to_be_bytes())?;
        self.0.write_all(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpStream;
    use std::os::unix::net::UnixStream;

    fn port() -> io::Result<(Port, TcpStream)> {
        let port = Port::tcp("127.0.0.1", 0, 8)?;
        let address = port.socket.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
        let client = TcpStream::connect(address)?;
        pipe::wait_any(&[port.fd()], None)?;
        Ok((port, client))
    }

    #[test]
    fn a_message_and_its_answer() -> io::Result<()> {
        let (port, mut client) = port()?;
        client.write_all(b"\0\0\0\x05hello")?;
        let Some((from, message)) = port.accept(100, -1, || false)? else { panic!("a client is there") };
        assert_eq!(message, b"hello");
        from.answer(b"world!")?;
        let mut answer = Vec::new();
        client.read_to_end(&mut answer)?;
        assert_eq!(answer, b"\0\0\0\x06world!");
        assert!(port.accept(100, -1, || false)?.is_none());
        Ok(())
    }

    #[test]
    fn bad_clients_are_left() -> io::Result<()> {
        for bad in [&b"\0\0"[..], b"\0\0\0\0", b"\0\0\0\x65", b"\0\0\0\x05hel"] {
            let (port, mut client) = port()?;
            client.write_all(bad)?;
            client.shutdown(std::net::Shutdown::Write)?;
            assert!(port.accept(100, -1, || false)?.is_none());
        }
        Ok(())
    }

    #[test]
    fn a_silent_client_does_not_hold_who_must_end() -> io::Result<()> {
        let (port, _client) = port()?;
        let (reader, mut bell) = io::pipe()?;
        bell.write_all(b"x")?;
        assert!(port.accept(100, reader.as_raw_fd(), || true)?.is_none());
        Ok(())
    }

    #[test]
    fn a_unix_socket_replaces_its_file_and_removes_it() -> io::Result<()> {
        let path = std::env::temp_dir().join(format!("steelwool-packets-{}", std::process::id()));
        for _ in 0..2 {
            let port = Port::unix(path.clone(), 8)?;
            let mut client = UnixStream::connect(&path)?;
            client.write_all(b"\0\0\0\x01x")?;
            assert!(port.accept(100, -1, || false)?.is_some());
        }
        let port = Port::unix(path.clone(), 8)?;
        port.remove_file();
        assert!(!path.exists());
        Ok(())
    }
}
