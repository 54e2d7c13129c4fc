//! Swoole's own log: lines that no PHP error handler sees.

use std::io::Write;

/// Writes a warning in Swoole's format to standard output, as Swoole does without a `log_file`.
pub fn warning(origin: &str, errno: Option<i32>, text: &str) {
    // SAFETY: localtime_r fills a struct of ours; getpid cannot fail.
    let (time, pid) = unsafe {
        let now = libc::time(std::ptr::null_mut());
        let mut time: libc::tm = std::mem::zeroed();
        libc::localtime_r(&now, &mut time);
        (time, libc::getpid())
    };
    let errno = errno.map_or(String::new(), |errno| format!(" (ERRNO {errno})"));
    // Nothing can be done when standard output is closed.
    let _ = writeln!(
        std::io::stdout().lock(),
        "[{:04}-{:02}-{:02} {:02}:{:02}:{:02} %{pid}.0]\tWARNING\t{origin}{errno}: {text}",
        time.tm_year + 1900,
        time.tm_mon + 1,
        time.tm_mday,
        time.tm_hour,
        time.tm_min,
        time.tm_sec,
    );
}
