//! Shell commands whose output is collected.

use super::children::{self, Claim};
use super::process::Exit;
use std::ffi::{CStr, CString, c_char};
use std::io;
use std::os::fd::{AsRawFd, OwnedFd};
use std::ptr;
use tokio::io::AsyncReadExt;
use tokio::net::unix::pipe::Receiver;

/// A command that runs; dropped before its end it runs on, and is cleared away then.
pub struct Shell {
    child: Option<Claim>,
    output: Option<Receiver>,
}

impl Shell {
    /// Starts `/bin/sh -c command`, with its standard output, and its error output if `errors`, into a pipe. Within a runtime.
    ///
    /// # Errors
    /// There is no memory, process or descriptor left, or the command is too long.
    pub fn start(command: &CStr, errors: bool) -> io::Result<Self> {
        let (reader, writer) = io::pipe()?;
        let output = Receiver::from_owned_fd(OwnedFd::from(reader))?;
        let child = spawn(command, &OwnedFd::from(writer), errors)?;
        Ok(Self { child: Some(children::claim(child)), output: Some(output) })
    }

    /// Appends what the command writes to `output` until it has closed its side. May be dropped half-way and begun again.
    ///
    /// # Errors
    /// The pipe cannot be read.
    pub async fn collect(&mut self, output: &mut Vec<u8>) -> io::Result<()> {
        let Some(pipe) = &mut self.output else { return Ok(()) };
        while pipe.read_buf(output).await? > 0 {}
        Ok(())
    }

    /// Waits for it to end, without listening to it any more.
    ///
    /// # Errors
    /// `ECHILD`: somebody else has waited for it.
    pub async fn end(mut self) -> io::Result<Exit> {
        self.output = None;
        let Some(child) = &self.child else { return Err(io::Error::from_raw_os_error(libc::ECHILD)) };
        let exit = child.exit().await;
        self.child = None;
        exit
    }
}

impl Drop for Shell {
    fn drop(&mut self) {
        if let Some(child) = self.child.take() {
            child.abandon();
        }
    }
}

unsafe extern "C" {
    static environ: *const *mut c_char;
}

/// The process id of a new shell. Not by the standard library, which takes back that PHP ignores SIGPIPE.
fn spawn(command: &CStr, output: &OwnedFd, errors: bool) -> io::Result<i32> {
    let mut actions = Actions::new()?;
    actions.duplicate(output, libc::STDOUT_FILENO)?;
    if errors {
        actions.duplicate(output, libc::STDERR_FILENO)?;
    }
    let command = CString::from(command);
    let arguments =
        [c"sh".as_ptr().cast_mut(), c"-c".as_ptr().cast_mut(), command.as_ptr().cast_mut(), ptr::null_mut()];
    let mut id = 0;
    // SAFETY: all strings end with NUL and the list with a null pointer; they are only read, as is the environment.
    let error = unsafe {
        libc::posix_spawn(&mut id, c"/bin/sh".as_ptr(), &actions.0, ptr::null(), arguments.as_ptr(), environ)
    };
    if error == 0 { Ok(id) } else { Err(io::Error::from_raw_os_error(error)) }
}

/// What a child does with its descriptors before it runs.
struct Actions(libc::posix_spawn_file_actions_t);

impl Actions {
    fn new() -> io::Result<Self> {
        // SAFETY: initialised before anything else looks at it; all-zero is as good as uninitialised.
        unsafe {
            let mut actions = std::mem::zeroed();
            match libc::posix_spawn_file_actions_init(&mut actions) {
                0 => Ok(Self(actions)),
                error => Err(io::Error::from_raw_os_error(error)),
            }
        }
    }

    fn duplicate(&mut self, from: &OwnedFd, to: i32) -> io::Result<()> {
        // SAFETY: initialised in `new`.
        match unsafe { libc::posix_spawn_file_actions_adddup2(&mut self.0, from.as_raw_fd(), to) } {
            0 => Ok(()),
            error => Err(io::Error::from_raw_os_error(error)),
        }
    }
}

impl Drop for Actions {
    fn drop(&mut self) {
        // SAFETY: initialised in `new`, not used afterwards.
        unsafe { libc::posix_spawn_file_actions_destroy(&mut self.0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn run(command: &CStr, errors: bool) -> ([i32; 2], String) {
        let mut shell = Shell::start(command, errors).unwrap();
        let mut output = Vec::new();
        shell.collect(&mut output).await.unwrap();
        let exit = shell.end().await.unwrap();
        ([exit.code(), exit.signal()], String::from_utf8(output).unwrap())
    }

    #[tokio::test(flavor = "current_thread")]
    async fn output_and_status() {
        let (status, output) = run(c"echo out; echo err >&2; exit 3", true).await;
        assert_eq!((status, &*output), ([3, 0], "out\nerr\n"));
        let (status, output) = run(c"exec 1>&-; sleep 0.05; kill -9 $$", false).await;
        assert_eq!((status, &*output), ([0, 9], ""));
        let long = CString::new("x".repeat(1 << 23)).unwrap();
        assert_eq!(Shell::start(&long, false).err().and_then(|error| error.raw_os_error()), Some(libc::E2BIG));
    }
}
