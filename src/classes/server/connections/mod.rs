//! Connections of a running server, as PHP sees them: their events, and what it does to them.
//!
//! ```text
//!   SWOOLE_BASE      Hub ──Events──▶ Local ──▶ PHP callbacks                      (one process)
//!   SWOOLE_PROCESS   Hub ──Events──▶ Forward ══bus══▶ worker ──▶ PHP callbacks
//!
//!   send(), close()  ──▶ Hub, or ══bus══▶ the process that owns the connection
//! ```
//!
//! * `events`: calls of PHP.
//! * `forward`: frames between the process that owns a connection and those that run PHP.
//! * `dispatch`: which worker gets what.
//! * `methods`, `info`: what PHP calls.

mod claims;
mod dispatch;
mod events;
mod forward;
mod http;
mod info;
mod methods;
mod redis;
mod websocket;

pub(crate) use claims::{Claimed, Found, answer, is_gone, is_too_long};
pub use http::Http;
pub(super) use http::answer_for_fatal_error;
pub use info::{bind, exists, get_client_info, get_client_list, heartbeat, protect};
pub use methods::{close, pause, resume, send, sendfile, sendto, sendwait};
pub use websocket::{WebSocket, disconnect, is_established, ping, push};

use crate::classes::http::body::Piece;
use crate::coroutine::engine;
use crate::io::http::{Handler, Server};
use crate::log;
use crate::server::board::Board;
use crate::server::bus::{Bus, Frame};
use crate::server::endpoint::{self, Death, Heir};
use crate::server::hub::{End, Hub, PortSettings};
use crate::server::layout::{Layout, Mode, Part};
use crate::server::listen::{Kind, ListenPort, Tuning};
use crate::server::relay::{self, Answering, Asking};
use crate::server::session::Sessions;
use crate::zend::callable::Callable;
use bytes::Bytes;
use dispatch::Dispatch;
use ext_php_rs::types::Zval;
use std::cell::{Cell, RefCell};
use std::collections::{HashMap, HashSet, VecDeque};
use std::io;
use std::rc::{Rc, Weak};
use std::time::Duration;
use tokio::sync::Notify;

/// The callbacks of a port; those of the server where it has none.
#[derive(Clone, Default)]
pub struct Callbacks {
    /// `connect`
    pub connect: Option<Rc<Callable>>,
    /// `receive`
    pub receive: Option<Rc<Callable>>,
    /// `close`
    pub close: Option<Rc<Callable>>,
    /// `packet`
    pub packet: Option<Rc<Callable>>,
    /// `bufferFull`
    pub buffer_full: Option<Rc<Callable>>,
    /// `bufferEmpty`
    pub buffer_empty: Option<Rc<Callable>>,
}

/// A port of the server.
pub struct Port {
    /// Its socket.
    pub listen: Rc<ListenPort>,
    /// How its connections are treated.
    pub settings: Rc<PortSettings>,
    /// Whom its events call.
    pub callbacks: Callbacks,
    /// Connections that may wait to be accepted.
    pub backlog: i32,
    /// What else its socket is told.
    pub tuning: Tuning,
    /// What it needs to speak HTTP, if it does.
    pub http: Option<Http>,
    /// Its packets are commands for the handlers of a `Redis\Server`.
    pub redis: bool,
}

/// What all processes of a server know about its connections; made before the first fork.
pub struct Plan {
    /// The server object.
    pub server: Zval,
    /// Its processes.
    pub layout: Layout,
    /// What they tell each other.
    pub board: Rc<Board>,
    /// The way between them.
    pub bus: Rc<Bus>,
    /// Who is connected.
    pub sessions: Rc<Sessions>,
    /// Its ports.
    pub ports: Vec<Port>,
    /// `dispatch_mode`
    pub dispatch_mode: i64,
    /// `dispatch_func`
    pub dispatch_func: Option<Rc<Callable>>,
    /// Connect and close are told although the dispatch mode gives them to any worker, `enable_unsafe_event`.
    pub unsafe_events: bool,
    /// What comes late from a connection that is gone is dropped, `discard_timeout_request`.
    pub discard_late: bool,
    /// `enable_coroutine`
    pub coroutines: bool,
    /// `send_yield`
    pub send_yield: bool,
    /// `send_timeout` in seconds, none at 0 or below.
    pub send_timeout: f64,
    /// `output_buffer_size`: more bytes at once are refused where the master owns the connections.
    pub most_output: usize,
    /// Callbacks get an object, `event_object`.
    pub event_object: bool,
    /// `heartbeat_check_interval`; each port says what is silence.
    pub heartbeat: Option<Duration>,
    /// `max_concurrency`: more requests at a time in all workers get a 503.
    pub max_concurrency: i64,
    /// `worker_max_concurrency`: more requests at a time in one worker wait.
    pub worker_max_concurrency: usize,
}

/// An HTTP server of this process.
struct Serving {
    /// Ends idle connections now and busy ones after their reply.
    close: Box<dyn Fn()>,
    /// Whether an answer is under way.
    is_busy: Box<dyn Fn() -> bool>,
    /// Whether a client may ask once more.
    lingers: Box<dyn Fn() -> bool>,
}

/// The connections of a running server in this process.
pub struct Endpoint {
    plan: Plan,
    hub: RefCell<Option<Hub>>,
    dispatch: Dispatch,
    /// In the master: ends that a worker is told of, by session, and the worker.
    ends: RefCell<HashMap<i64, (usize, End)>>,
    /// In the master: the requests that workers have.
    asking: RefCell<Option<Rc<Asking<Bytes>>>>,
    /// In workers of `SWOOLE_BASE`: requests that other processes answer.
    lent: RefCell<Option<Rc<Asking<Piece>>>>,
    /// Requests of other processes that this one answers, and waits.
    claims: RefCell<HashMap<u64, Weak<claims::State>>>,
    /// What goes out behind replies that have not gone: sessions and bytes.
    behind: RefCell<VecDeque<(i64, Vec<u8>)>>,
    /// In workers of `SWOOLE_PROCESS`: the replies that go to the master.
    answering: RefCell<Option<Rc<Answering>>>,
    /// Requests that wait for others to end.
    waiting: RefCell<VecDeque<http::Waiting>>,
    /// Its HTTP servers.
    servers: RefCell<Vec<Serving>>,
    /// Who waits until a connection of another process takes more.
    senders: RefCell<HashMap<i64, Vec<Weak<Notify>>>>,
    /// Which processes, by their addresses, are told when a connection of this one takes more.
    askers: RefCell<HashSet<(i64, usize)>>,
    /// PHP is in one of our methods: callbacks may be called at once.
    called: Cell<bool>,
    /// A frame is taken in a turn of the loop, on the root stack, where callbacks start.
    taking: Cell<bool>,
    stopping: Cell<bool>,
}

thread_local! {
    static ENDPOINT: RefCell<Option<Rc<Endpoint>>> = const { RefCell::new(None) };
}

/// The running server's connections.
pub fn current() -> Option<Rc<Endpoint>> {
    ENDPOINT.with_borrow(Clone::clone)
}

/// Sends whole frames of the protocol that a connection speaks.
pub(crate) fn send_frames(session: i64, frames: &[u8]) -> bool {
    current().is_some_and(|endpoint| endpoint.send(session, frames))
}

/// The server begins to run: from now on methods find its connections.
pub fn install(plan: Plan) -> Rc<Endpoint> {
    let dispatch = Dispatch::new(&plan);
    let endpoint = Rc::new(Endpoint {
        plan,
        hub: RefCell::new(None),
        dispatch,
        ends: RefCell::default(),
        asking: RefCell::default(),
        lent: RefCell::default(),
        claims: RefCell::default(),
        behind: RefCell::default(),
        answering: RefCell::default(),
        waiting: RefCell::default(),
        servers: RefCell::default(),
        senders: RefCell::default(),
        askers: RefCell::default(),
        called: Cell::new(false),
        taking: Cell::new(false),
        stopping: Cell::new(false),
    });
    ENDPOINT.set(Some(Rc::clone(&endpoint)));
    endpoint
}

/// The server has ended.
pub fn uninstall() {
    drop(ENDPOINT.take());
}

impl Endpoint {
    /// Has `work`, which calls PHP, done on the root stack: now, if this is it. What comes after it is not taken before it is done, and is
    /// the successor's if it kills this process.
    fn at_root(self: &Rc<Self>, work: impl FnOnce() + 'static) {
        if self.taking.replace(false) {
            work();
            self.taking.set(true);
        } else {
            engine::put_off(Box::new(work));
        }
    }

    fn hub(&self) -> Option<Hub> {
        self.hub.borrow().clone()
    }

    fn index(&self) -> usize {
        self.plan.bus.index()
    }

    fn part(&self) -> Part {
        self.plan.layout.part(self.index())
    }

    fn is_base(&self) -> bool {
        self.plan.layout.mode == Mode::Base
    }

    /// The callbacks of the port with this index.
    fn callbacks(&self, port: usize) -> Option<&Callbacks> {
        self.plan.ports.get(port).map(|port| &port.callbacks)
    }

    /// What PHP knows as the reactor of a connection: the worker that owns it, or the one thread of the master.
    fn reactor(&self, owner: usize) -> i64 {
        if self.is_base() { owner as i64 } else { 0 }
    }

    /// Whether connect and close are told.
    fn notifies(&self) -> bool {
        self.is_base() || self.plan.unsafe_events || self.dispatch.is_fixed()
    }

    fn note_server<H: Handler>(&self, server: &Server<H>) {
        let (closed, asked, waited) = (server.clone(), server.clone(), server.clone());
        let serving = Serving {
            close: Box::new(move || closed.close()),
            is_busy: Box::new(move || asked.is_busy()),
            lingers: Box::new(move || waited.lingers()),
        };
        self.servers.borrow_mut().push(serving);
    }

    fn serve(self: &Rc<Self>, hub: &Hub) -> io::Result<()> {
        for (index, port) in self.plan.ports.iter().enumerate() {
            let socket = port.listen.socket_of(self.index());
            match port.listen.kind {
                Kind::Udp | Kind::Udp6 | Kind::UnixDatagram => hub.serve_datagrams(index, socket)?,
                Kind::Tcp | Kind::Tcp6 | Kind::UnixStream => {
                    if port.listen.is_tcp() {
                        for (option, error) in port.tuning.apply(socket) {
                            let what = format!("setsockopt({option}) failed");
                            log::system_warning("ListenPort::listen()", &what, error.raw_os_error().unwrap_or(0));
                        }
                    }
                    socket.listen(port.backlog)?;
                    if let Some(http) = &port.http {
                        self.serve_http(hub, index, port, http, socket)?;
                        continue;
                    }
                    hub.serve_streams(index, socket, Rc::clone(&port.settings))?;
                }
            }
        }
        if let Some(heartbeat) = self.plan.heartbeat {
            hub.watch(heartbeat);
        }
        Ok(())
    }
}

impl endpoint::Endpoint for Rc<Endpoint> {
    fn begin(&self) -> io::Result<()> {
        self.stopping.set(false);
        let index = self.index();
        let events: Rc<dyn crate::server::hub::Events> = match (self.plan.layout.mode, self.part()) {
            (Mode::Base, Part::Worker) => {
                self.begin_lending();
                Rc::new(events::Local(Rc::downgrade(self)))
            }
            (Mode::Process, Part::Master) => {
                self.begin_asking();
                Rc::new(forward::Forward(Rc::downgrade(self)))
            }
            (Mode::Process, Part::Worker) => {
                self.begin_answering();
                return Ok(());
            }
            _ => return Ok(()),
        };
        // Those of a predecessor that was killed.
        self.plan.sessions.forget(index as u16);
        let hub = Hub::new(index as u16, Rc::clone(&self.plan.sessions), events, self.notifies());
        *self.hub.borrow_mut() = Some(hub.clone());
        engine::within(|| self.serve(&hub))
    }

    fn receive(&self, frame: Frame<'_>) {
        let before = self.taking.replace(engine::loop_running() && engine::current_id().is_none());
        forward::receive(self, frame);
        self.taking.set(before);
    }

    fn stop_accepting(&self) {
        self.stopping.set(true);
        if let Some(hub) = self.hub() {
            hub.stop_accepting();
        }
        engine::within(|| self.servers.borrow().iter().for_each(|server| (server.close)()));
    }

    fn lingers(&self) -> bool {
        self.servers.borrow().iter().any(|server| (server.lingers)())
    }

    fn end_farewells(&self) {
        if let Some(hub) = self.hub() {
            hub.end_farewells();
        }
    }

    fn is_drained(&self) -> bool {
        match self.answering() {
            Some(answering) => answering.count() == 0,
            None => !self.servers.borrow().iter().any(|server| (server.is_busy)()) && self.unread() == 0,
        }
    }

    fn unread(&self) -> usize {
        self.hub().map_or(0, |hub| hub.unread())
    }

    fn end(&self) {
        if let Some(hub) = self.hub() {
            hub.stop_accepting();
            // The loop does nothing more that could be put off.
            let before = self.called.replace(true);
            hub.end_farewells();
            hub.close_all();
            self.called.set(before);
        }
        self.ends.borrow_mut().clear();
        self.hub.borrow_mut().take();
    }

    fn request(&self, kind: u8, head: &[u8]) -> Option<u64> {
        relay::request(kind.checked_sub(forward::kind::HTTP)?, head)
    }

    fn died(&self, death: Death, passed: &[u8]) {
        let index = death.index;
        self.plan.sessions.expect_nothing();
        if self.is_base() {
            self.plan.sessions.forget(index as u16);
            return;
        }
        if let Some(asking) = self.asking() {
            asking.died(death, passed);
        }
        if death.heir == Heir::Other {
            return;
        }
        // It will not say that it has heard of these ends.
        let mut ends = self.ends.borrow_mut();
        let orphans: Vec<i64> = ends.iter().filter(|(_, (worker, _))| *worker == index).map(|(id, _)| *id).collect();
        let orphans: Vec<_> = orphans.into_iter().filter_map(|id| ends.remove(&id)).collect();
        drop(ends);
        drop(orphans);
    }
}
