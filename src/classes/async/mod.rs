//! Classes of the event loop's own style: functions of the user's are called when something has happened.

pub mod client;
