//! Classes of `Swoole\Http`.

pub mod body;
mod cookie;
mod head;
pub mod request;
pub mod response;

pub(crate) use head::defaults as default_headers;
