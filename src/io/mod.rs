//! Asynchronous services over bytes: protocols and sockets that know neither PHP nor coroutines.
//!
//! Everything here is a future for a tokio `current_thread` runtime, tested on its own with raw bytes.

pub mod children;
pub mod client;
pub mod dns;
pub mod events;
pub mod files;
pub mod framing;
pub mod http;
pub mod http2_client;
pub mod http_client;
pub mod interfaces;
pub mod message_bus;
pub mod message_queue;
pub mod mime;
pub mod mysql;
pub mod names;
pub mod pipe;
pub mod process;
pub mod proxy;
pub mod readiness;
pub mod shell;
pub mod signal;
pub mod socket;
pub mod tls;
pub mod traffic;
pub mod websocket;
