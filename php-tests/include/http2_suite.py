"""What PyPI's hyperframe, hpack and h2 find out about an HTTP/2 server at 127.0.0.1:PORT; prints a line for each group of cases.

Usage: http2_suite.py PORT. The server answers every request with its body, and GET /large with a MiB.
A case is what a client sends after the preface and its settings, and what may come of it (RFC 9113, RFC 7541); whatever a case does, the next
connection must be served.
"""
import socket
import struct
import sys
import time

import h2.config
import h2.connection
import h2.events
from hpack import Decoder, Encoder
from hyperframe.frame import (ContinuationFrame, DataFrame, Frame, GoAwayFrame, HeadersFrame, PingFrame, PriorityFrame,
                              RstStreamFrame, SettingsFrame, WindowUpdateFrame)

PORT = int(sys.argv[1])
PATIENCE = 60
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
GET = [(":method", "GET"), (":scheme", "http"), (":authority", "a"), (":path", "/")]
POST = [(":method", "POST"), *GET[1:]]


def packed(headers):
    return Encoder().encode(headers)


def head(stream=1, headers=GET, flags=("END_HEADERS", "END_STREAM"), data=None, **fields):
    frame = HeadersFrame(stream, packed(headers) if data is None else data, flags=list(flags), **fields)
    return frame.serialize()


def more(stream, data, flags=("END_HEADERS",)):
    return ContinuationFrame(stream, data, flags=list(flags)).serialize()


def body(stream, data, flags=("END_STREAM",), **fields):
    return DataFrame(stream, data, flags=list(flags), **fields).serialize()


def raw(kind, flags, stream, payload):
    """A frame that hyperframe would not make."""
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def settings(**values):
    return SettingsFrame(0, {getattr(SettingsFrame, name): value for name, value in values.items()}).serialize()


def window(stream, size):
    return raw(8, 0, stream, struct.pack(">I", size))


def ping(word=b"and then"):
    return PingFrame(0, word).serialize()


def opened(*rest, headers=POST):
    """A request whose body is to come."""
    return head(headers=headers, flags=("END_HEADERS",)) + b"".join(rest)


def with_header(*headers):
    return head(headers=[*GET, *headers])


def without(name):
    return head(headers=[header for header in GET if header[0] != name])


def connected():
    connection = socket.create_connection(("127.0.0.1", PORT), PATIENCE)
    connection.settimeout(PATIENCE)
    return connection


def frames_of(connection):
    """The frames that come, until the connection ends."""
    data = b""
    while True:
        while len(data) >= 9:
            frame, length = Frame.parse_frame_header(memoryview(data[:9]))
            if len(data) < 9 + length:
                break
            frame.parse_body(memoryview(data[9:9 + length]))
            data = data[9 + length:]
            yield frame
        try:
            got = connection.recv(65536)
        except ConnectionResetError:
            got = b""
        if not got:
            return
        data += got


def outcome(sent, allowed):
    """What a dialogue comes to: answers by their status and stream, resets and the goaway by their codes, "end"."""
    decoder, said, until = Decoder(), [], time.monotonic() + PATIENCE
    with connected() as connection:
        def send(data):
            try:
                connection.sendall(data)
            except (BrokenPipeError, ConnectionResetError):
                pass
        send(PREFACE + settings() + sent + ping())
        for frame in frames_of(connection):
            if isinstance(frame, HeadersFrame):
                said += [f"{value} on {frame.stream_id}" for name, value in decoder.decode(frame.data) if name == ":status"]
            elif isinstance(frame, RstStreamFrame):
                said.append(f"reset {frame.error_code} on {frame.stream_id}")
            elif isinstance(frame, GoAwayFrame):
                said.append(f"goaway {frame.error_code}")
            elif isinstance(frame, PingFrame) and "ACK" in frame.flags and frame.opaque_data == b"and then":
                # what came before it may be answered behind it
                if any(word in allowed for word in said) or time.monotonic() > until:
                    return said
                send(ping())
        return [*said, "end"]


FINE = ["200 on 1"]
PROTOCOL = ["goaway 1"]
SIZE = ["goaway 6", "goaway 1"]
CODING = ["goaway 9", "goaway 1"]
# a request that is none: of this stream, or of the whole connection
MALFORMED = ["reset 1 on 1", "400 on 1", "goaway 1"]

ALLOWED = {
    "a request": (head(), FINE),
    "a body": (opened(body(1, b"abc")), FINE),
    "a body with its length": (opened(body(1, b"abc"), headers=[*POST, ("content-length", "3")]), FINE),
    "a body in pieces": (opened(body(1, b"a", ()), body(1, b"b", ()), body(1, b"")), FINE),
    "padding of a head": (head(flags=("END_HEADERS", "END_STREAM", "PADDED"), pad_length=20), FINE),
    "padding of data": (opened(body(1, b"abc", ("END_STREAM", "PADDED"), pad_length=200)), FINE),
    "a priority inside": (head(flags=("END_HEADERS", "END_STREAM", "PRIORITY"), depends_on=0, stream_weight=15), FINE),
    "a priority frame": (PriorityFrame(1, depends_on=0, stream_weight=7).serialize() + head(), FINE),
    "a priority of a stream to come": (PriorityFrame(7, depends_on=5, stream_weight=7).serialize() + head(), FINE),
    "a head in three frames": (
        head(data=packed(GET)[:2], flags=("END_STREAM",)) + more(1, packed(GET)[2:3], ()) + more(1, packed(GET)[3:]), FINE),
    "an unknown frame": (raw(0x77, 0xff, 0, b"what") + raw(0x78, 0, 1, b"is this") + head(), FINE),
    "an unknown setting": (raw(4, 0, 0, struct.pack(">HI", 0x99, 1)) + head(), FINE),
    "settings anew": (settings(HEADER_TABLE_SIZE=0, MAX_CONCURRENT_STREAMS=5) + head(), FINE),
    "no push": (settings(ENABLE_PUSH=0) + head(), FINE),
    "trailers": (opened(body(1, b"a", ()), head(headers=[("x-sum", "1")])), FINE),
    "a table of another size": (head(data=b"\x3f\x01" + packed(GET)), FINE),
    "trailers without a body": (opened(head(headers=[("x-sum", "1")])), FINE),
    "numbers that were left out": (head(stream=101), ["200 on 101"]),
    "the host beside the authority": (with_header(("host", "a")), FINE),
    "te: trailers": (with_header(("te", "trailers")), FINE),
    "cookies in pieces": (with_header(("cookie", "a=b"), ("cookie", "c=d")), FINE),
    "an answered ping": (raw(6, 1, 0, b"nobody's") + head(), FINE),
    "a client's goaway": (head() + GoAwayFrame(0, last_stream_id=0).serialize(), FINE),
    "a reset, then another request": (opened(RstStreamFrame(1, 8).serialize(), head(3)), ["200 on 3"]),
    "a window as large as can be": (window(0, 0x7fff_ffff - 65535) + head(), FINE),
}

FRAMES = {
    "a head on stream 0": (raw(1, 5, 0, packed(GET)), PROTOCOL),
    "data on stream 0": (raw(0, 1, 0, b"a"), PROTOCOL),
    "a reset of stream 0": (raw(3, 0, 0, bytes(4)), PROTOCOL),
    "a priority of stream 0": (raw(2, 0, 0, bytes(5)), PROTOCOL),
    "a continuation on stream 0": (raw(9, 4, 0, packed(GET)), PROTOCOL),
    "settings of a stream": (raw(4, 0, 1, b""), PROTOCOL),
    "a ping of a stream": (raw(6, 0, 1, bytes(8)), PROTOCOL),
    "a goaway of a stream": (raw(7, 0, 1, bytes(8)), PROTOCOL),
    "an even stream": (head(2), PROTOCOL),
    "a lower stream": (head(5) + head(3), ["goaway 1", "goaway 5", "reset 5 on 3"]),
    "a second head behind the end": (head() + head(), ["goaway 1", "goaway 5", "reset 5 on 1"]),
    "data behind the end": (head() + body(1, b"a"), ["reset 5 on 1", "goaway 5", "goaway 1"]),
    "data of nothing": (body(1, b"a"), ["goaway 1", "goaway 5"]),
    "a reset of nothing": (RstStreamFrame(1, 8).serialize(), PROTOCOL),
    "a window of nothing": (window(1, 1), PROTOCOL),
    "a promise": (raw(5, 4, 1, struct.pack(">I", 2) + packed(GET)), PROTOCOL),
    "a continuation of nothing": (more(1, packed(GET)), PROTOCOL),
    "a continuation of a whole head": (head(flags=("END_HEADERS",)) + more(1, b""), PROTOCOL),
    "a ping within a head": (head(flags=("END_STREAM",)) + ping(), PROTOCOL),
    "data within a head": (head(flags=(), headers=POST) + body(1, b""), PROTOCOL),
    "another head within a head": (head(flags=("END_STREAM",)) + head(3), PROTOCOL),
    "a continuation of another": (head(flags=("END_STREAM",)) + more(3, b""), PROTOCOL),
    "an unknown frame within a head": (head(flags=("END_STREAM",)) + raw(0x77, 0, 1, b""), PROTOCOL),
    "a window of 0": (window(0, 0), PROTOCOL),
    "a stream's window of 0": (opened(window(1, 0)), ["reset 1 on 1", "goaway 1"]),
    "a window too large": (window(0, 0x7fff_ffff), ["goaway 3"]),
    "a stream's window too large": (opened(window(1, 0x7fff_ffff)), ["reset 3 on 1", "goaway 3"]),
    "a first window too large": (raw(4, 0, 0, struct.pack(">HI", 4, 0x8000_0000)), ["goaway 3", "goaway 1"]),
    "frames too small": (raw(4, 0, 0, struct.pack(">HI", 5, 16383)), PROTOCOL),
    "frames too large": (raw(4, 0, 0, struct.pack(">HI", 5, 1 << 24)), PROTOCOL),
    "half a push": (raw(4, 0, 0, struct.pack(">HI", 2, 2)), PROTOCOL),
    "five bytes of settings": (raw(4, 0, 0, bytes(5)), SIZE),
    "an acknowledgement that speaks": (raw(4, 1, 0, bytes(6)), SIZE),
    "a ping of 7": (raw(6, 0, 0, bytes(7)), SIZE),
    "a reset of 3": (opened(raw(3, 0, 1, bytes(3))), SIZE),
    "a priority of 4": (raw(2, 0, 1, bytes(4)), ["reset 6 on 1", *SIZE]),
    "a window of 3": (raw(8, 0, 0, bytes(3)), SIZE),
    "a goaway of 7": (raw(7, 0, 0, bytes(7)), SIZE),
    "a frame of 16385": (opened(raw(0, 0, 1, bytes(16385))), ["reset 6 on 1", *SIZE]),
    "padding longer than data": (opened(raw(0, 9, 1, b"\x09a")), PROTOCOL),
    "padding longer than a head": (raw(1, 13, 1, b"\xc8" + packed(GET)), PROTOCOL),
    "a stream that waits for itself": (raw(1, 0x25, 1, struct.pack(">IB", 1, 15) + packed(GET)), MALFORMED),
    "another preface": (None, ["end"]),
}

HEADERS = {
    "an index beyond the table": (head(data=b"\xff\x80\x01"), CODING),
    "index 0": (head(data=b"\x80"), CODING),
    "a text that is cut": (head(data=b"\x41\x05a"), CODING),
    "a bad code of letters": (head(data=b"\x41\x84\xff\xff\xff\xff"), CODING),
    "a table larger than allowed": (head(data=b"\x3f\xe2\x1f" + packed(GET)), CODING),
    "a number without end": (head(data=b"\xff" + b"\xff" * 12), CODING),
    "capitals": (head(data=packed(GET) + b"\x00\x03X-A\x01b"), MALFORMED),
    "connection": (with_header(("connection", "close")), MALFORMED),
    "keep-alive": (with_header(("keep-alive", "1")), MALFORMED),
    "proxy-connection": (with_header(("proxy-connection", "close")), MALFORMED),
    "transfer-encoding": (with_header(("transfer-encoding", "chunked")), MALFORMED),
    "upgrade": (with_header(("upgrade", "h2c")), MALFORMED),
    "te: gzip": (with_header(("te", "gzip")), MALFORMED),
    "no method": (without(":method"), MALFORMED),
    "no scheme": (without(":scheme"), MALFORMED),
    "no path": (without(":path"), MALFORMED),
    "an empty path": (head(headers=[*GET[:3], (":path", "")]), MALFORMED),
    "two methods": (with_header((":method", "GET")), MALFORMED),
    "two paths": (with_header((":path", "/")), MALFORMED),
    "an unknown pseudo-header": (with_header((":what", "x")), MALFORMED),
    "a status": (with_header((":status", "200")), MALFORMED),
    "a pseudo-header too late": (head(headers=[*GET[:3], ("x", "y"), GET[3]]), MALFORMED),
    "a line break in a value": (with_header(("x", "a\r\nb: c")), MALFORMED),
    "NUL in a value": (with_header(("x", "a\0b")), MALFORMED),
    "a colon in a name": (with_header(("x:y", "z")), MALFORMED),
    "a space in a name": (with_header(("x y", "z")), MALFORMED),
    "no name": (with_header(("", "z")), MALFORMED),
    "another host": (with_header(("host", "b")), MALFORMED),
    "more than the length": (opened(body(1, b"ab"), headers=[*POST, ("content-length", "1")]), MALFORMED),
    "less than the length": (opened(body(1, b"ab"), headers=[*POST, ("content-length", "3")]), MALFORMED),
    "no length at all": (opened(body(1, b"ab"), headers=[*POST, ("content-length", "two")]), MALFORMED),
    "lengths that differ": (
        opened(body(1, b"ab"), headers=[*POST, ("content-length", "2"), ("content-length", "3")]), MALFORMED),
    "trailers that do not end": (opened(head(headers=[("x", "y")], flags=("END_HEADERS",))), MALFORMED),
}


def table(cases):
    wrong = []
    for name, (sent, allowed) in cases.items():
        if sent is None:
            with connected() as connection:
                connection.sendall(b"PRI * HTTP/2.0\r\n\r\nXX\r\n\r\n" + settings() + head())
                said = ["end"]
                said += [type(frame).__name__ for frame in frames_of(connection) if isinstance(frame, HeadersFrame)]
                allowed = [said[0]] if said == ["end"] else []
        else:
            said = outcome(sent, allowed)
        if not any(word in allowed for word in said):
            wrong.append(f"{name}: {said}, not {allowed}")
        if not (after := outcome(head(), FINE)) == FINE:
            wrong.append(f"after {name}: {after}")
    return wrong


class Client:
    """A client by h2, which itself refuses what a server may not send."""

    def __init__(self, **changed):
        self.connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=True, header_encoding="utf-8"))
        self.connection.local_settings.update(changed)
        self.socket = connected()
        self.connection.initiate_connection()
        self.flush()
        self.bodies, self.statuses, self.ended = {}, {}, set()

    def flush(self):
        self.socket.sendall(self.connection.data_to_send())

    def ask(self, path="/", data=b"", method="POST", step=None):
        stream = self.connection.get_next_available_stream_id()
        headers = [(":method", method), (":scheme", "http"), (":authority", "a"), (":path", path)]
        self.connection.send_headers(stream, headers, end_stream=not data)
        self.flush()
        while data:
            room = min(self.connection.local_flow_control_window(stream), self.connection.max_outbound_frame_size, step or len(data))
            if room == 0:
                self.turn()
                continue
            piece, data = data[:room], data[room:]
            self.connection.send_data(stream, piece, end_stream=not data)
            self.flush()
        return stream

    def turn(self):
        got = self.socket.recv(65536)
        assert got, "the connection has ended"
        for event in self.connection.receive_data(got):
            if isinstance(event, h2.events.ResponseReceived):
                self.statuses[event.stream_id] = dict(event.headers)[":status"]
            elif isinstance(event, h2.events.DataReceived):
                self.bodies[event.stream_id] = self.bodies.get(event.stream_id, b"") + event.data
                if event.flow_controlled_length:
                    self.connection.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
            elif isinstance(event, h2.events.StreamEnded):
                self.ended.add(event.stream_id)
            assert not isinstance(event, (h2.events.StreamReset, h2.events.ConnectionTerminated)), event
        self.flush()

    def answer(self, stream):
        while stream not in self.ended:
            self.turn()
        return self.statuses[stream], self.bodies.get(stream, b"")


def clients():
    """Whole conversations."""
    wrong = []

    def check(name, got, expected):
        if got != expected:
            wrong.append(f"{name}: {got!r:.80}, not {expected!r:.80}")
    data = bytes(range(256)) * 2000
    client = Client()
    check("an empty body", client.answer(client.ask()), ("200", b""))
    check("a body of many windows", client.answer(client.ask(data=data)), ("200", data))
    check("a body in small frames", client.answer(client.ask(data=data[:3000], step=7)), ("200", data[:3000]))
    check("a large answer", len(client.answer(client.ask("/large", method="GET"))[1]), 1 << 20)
    streams = [client.ask(data=b"%d" % number) for number in range(100)]
    check("a hundred at a time", [client.answer(stream)[1] for stream in streams], [b"%d" % number for number in range(100)])
    large = [client.ask("/large", method="GET") for _ in range(10)]
    check("ten large answers at a time", [len(client.answer(stream)[1]) for stream in large], [1 << 20] * 10)
    codes = h2.settings.SettingCodes
    for name, changed in {"a window of 10 bytes": {codes.INITIAL_WINDOW_SIZE: 10}, "a table of nothing": {codes.HEADER_TABLE_SIZE: 0},
                          "frames of 65536 bytes": {codes.MAX_FRAME_SIZE: 65536}, "no push": {codes.ENABLE_PUSH: 0}}.items():
        client = Client(**{})
        client.connection.update_settings(changed)
        client.flush()
        check(name, client.answer(client.ask(data=data[:2000])), ("200", data[:2000]))
        check(f"{name}, again", client.answer(client.ask(data=b"more")), ("200", b"more"))
    return wrong


total = 0
for group, cases in {"allowed": ALLOWED, "frames": FRAMES, "headers": HEADERS}.items():
    total += len(cases)
    print(group, "; ".join(table(cases)) or "fine", flush=True)
print("conversations", "; ".join(clients()) or "fine")
print("60 cases and more" if total >= 60 else f"only {total} cases")
