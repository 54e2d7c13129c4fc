"""What PyPI's h2 and websockets find out about an echo server that speaks WebSocket over HTTP/2 (RFC 8441) at 127.0.0.1:PORT; prints a line for
each group of checks.

Usage: websocket_http2_suite.py PORT [tls]. The server speaks the sub-protocol "chat", agrees on compression, takes messages of up to 1 MiB, sends every
message back, pings when it is told "ping me", ends the stream with 4001 "as you wish" when it is told "end", and answers GET / with its request's
version. h2 speaks HTTP/2 here, and websockets' part that knows no sockets speaks WebSocket on its streams.
"""
import random
import socket
import ssl
import sys

import h2.config
import h2.connection
import h2.events
from h2.settings import SettingCodes
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
from websockets.frames import Opcode
from websockets.headers import build_extension, parse_extension

try:
    from websockets.protocol import Protocol, Side
except ImportError:
    from websockets.connection import Connection as Protocol, Side

PORT = int(sys.argv[1])
TLS = "tls" in sys.argv[2:]
LIMIT = 1 << 20
PATIENCE = 60


class Http2:
    """One connection."""

    def __init__(self):
        self.socket = socket.create_connection(("127.0.0.1", PORT), PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if TLS:
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            context.set_alpn_protocols(["h2", "http/1.1"])
            self.socket = context.wrap_socket(self.socket, server_hostname="localhost")
            assert self.socket.selected_alpn_protocol() == "h2"
        self.h2 = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.h2.initiate_connection()
        self.streams = {}
        self.settled = False
        self.flush()
        self.until(lambda: self.settled)

    def close(self):
        self.socket.close()

    def flush(self):
        data = self.h2.data_to_send()
        if data:
            self.socket.sendall(data)

    def until(self, condition):
        """Takes what comes until the condition is true."""
        while not condition():
            data = self.socket.recv(1 << 16)
            assert data, "the connection ended"
            for event in self.h2.receive_data(data):
                if isinstance(event, h2.events.RemoteSettingsChanged):
                    self.settled = True
                stream = self.streams.get(getattr(event, "stream_id", None))
                if isinstance(event, h2.events.DataReceived):
                    self.h2.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
                if stream:
                    stream.take(event)
            self.flush()

    def begin(self, stream, headers, ends):
        number = self.h2.get_next_available_stream_id()
        self.streams[number] = stream
        self.h2.send_headers(number, headers, end_stream=ends)
        self.flush()
        return number

    def send(self, number, data):
        """Sends as the server lets us."""
        while data:
            self.until(lambda: self.h2.local_flow_control_window(number) > 0)
            count = min(self.h2.local_flow_control_window(number), self.h2.max_outbound_frame_size, len(data))
            self.h2.send_data(number, data[:count])
            data = data[count:]
            self.flush()


class Get:
    """An ordinary request."""

    def __init__(self, connection):
        self.body, self.over = b"", False
        authority = f"127.0.0.1:{PORT}"
        headers = [(":method", "GET"), (":scheme", "https" if TLS else "http"), (":authority", authority), (":path", "/")]
        connection.begin(self, headers, True)

    def take(self, event):
        if isinstance(event, h2.events.DataReceived):
            self.body += event.data
        self.over |= isinstance(event, h2.events.StreamEnded)


class WebSocket:
    """One stream."""

    def __init__(self, connection, deflate=None, protocols=()):
        self.connection, self.status, self.headers = connection, None, {}
        self.messages, self.pongs, self.pings, self.partial, self.ended, self.reset = [], [], [], None, False, None
        self.ws = Protocol(Side.CLIENT, max_size=None)
        headers = [
            (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https" if TLS else "http"), (":path", "/"),
            (":authority", f"127.0.0.1:{PORT}"), ("sec-websocket-version", "13"),
        ]
        if protocols:
            headers.append(("sec-websocket-protocol", ", ".join(protocols)))
        if deflate:
            headers.append(("sec-websocket-extensions", build_extension([(deflate.name, deflate.get_request_params())])))
        self.number = connection.begin(self, headers, False)
        connection.until(lambda: self.status)
        assert self.status == "200", self.status
        if deflate:
            (name, params), = parse_extension(self.headers["sec-websocket-extensions"])
            assert name == deflate.name
            self.ws.extensions = [deflate.process_response_params(params, [])]

    def take(self, event):
        if isinstance(event, h2.events.ResponseReceived):
            self.headers = dict(event.headers)
            self.status = self.headers[":status"]
        elif isinstance(event, h2.events.DataReceived):
            self.ws.receive_data(event.data)
        elif isinstance(event, h2.events.StreamReset):
            self.reset = event.error_code
        elif isinstance(event, h2.events.StreamEnded):
            self.ended = True
            self.ws.receive_eof()
        for frame in self.ws.events_received():
            if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
                self.partial = (frame.opcode, b"")
            if frame.opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                kind, data = self.partial
                self.partial = (kind, data + frame.data)
                if frame.fin:
                    self.messages.append(self.partial)
            elif frame.opcode is Opcode.PONG:
                self.pongs.append(bytes(frame.data))
            elif frame.opcode is Opcode.PING:
                self.pings.append(bytes(frame.data))
        if not self.ended and self.reset is None:
            # the answers to pings and to close frames, which are short: there is room for them
            for data in filter(None, self.ws.data_to_send()):
                self.connection.h2.send_data(self.number, data)

    def flush(self):
        for data in self.ws.data_to_send():
            self.connection.send(self.number, data)

    def say(self, message):
        """A text, bytes, or a list of them: fragments."""
        pieces = message if isinstance(message, list) else [message]
        for place, piece in enumerate(pieces):
            last = place == len(pieces) - 1
            data = piece.encode() if isinstance(piece, str) else piece
            if place:
                self.ws.send_continuation(data, last)
            elif isinstance(piece, str):
                self.ws.send_text(data, last)
            else:
                self.ws.send_binary(data, last)
            self.flush()

    def heard(self):
        self.connection.until(lambda: self.messages)
        kind, data = self.messages.pop(0)
        return data.decode() if kind is Opcode.TEXT else bytes(data)

    def echoed(self, message):
        self.say(message)
        answer = self.heard()
        expected = type(message[0])().join(message) if isinstance(message, list) else message
        assert answer == expected, f"{expected!r:.40} came back as {answer!r:.40}"

    def raw(self, data):
        self.connection.send(self.number, data)

    def code(self):
        """The code that the server ends the stream with; our direction ends then too."""
        self.connection.until(lambda: self.ended or self.reset is not None)
        if self.reset is None:
            self.connection.h2.end_stream(self.number)
            self.connection.flush()
        return self.ws.close_code


def messages(connection):
    assert connection.h2.remote_settings[SettingCodes.ENABLE_CONNECT_PROTOCOL] == 1
    for deflate in (None, ClientPerMessageDeflateFactory()):
        stream = WebSocket(connection, deflate)
        for text in ("", "a", "Grüße, 世界, 🐘", "x" * 125, "x" * 126, "x" * 65535, "x" * 65536, "é" * (LIMIT // 2)):
            stream.echoed(text)
        for length in (0, 1, 125, 126, 65535, 65536, LIMIT):
            stream.echoed(random.randbytes(length))
        stream.echoed(["a message ", "in ", "", "fragments"])
        stream.echoed([b"\x00" * 70000, b"\xff" * 70000])


def pings(connection):
    stream = WebSocket(connection)
    for payload in (b"", b"here", random.randbytes(125)):
        stream.ws.send_ping(payload)
        stream.flush()
        connection.until(lambda: stream.pongs)
        assert stream.pongs.pop() == payload
    stream.say("ping me")
    connection.until(lambda: stream.pings and stream.messages)
    assert stream.pings == [b"server"]


def terms(connection):
    text = "the quick brown fox jumps over the lazy dog; " * 40
    for settings in (
        {"client_max_window_bits": True}, {"server_no_context_takeover": True, "client_no_context_takeover": True},
        {"server_max_window_bits": 9, "client_max_window_bits": 9},
    ):
        stream = WebSocket(connection, ClientPerMessageDeflateFactory(**settings))
        for _ in range(3):
            stream.echoed(text)
            stream.echoed(random.randbytes(40000))
            stream.echoed([text, text])
            stream.echoed("")


def ends(connection):
    still = WebSocket(connection)
    stream = WebSocket(connection)
    stream.say("end")
    assert stream.code() == 4001 and stream.ws.close_reason == "as you wish"
    stream = WebSocket(connection)
    stream.ws.send_close(3000, "enough")
    stream.flush()
    assert stream.code() == 3000
    for bad, code in ((b"\x81\x82\0\0\0\0\xff\xfe", 1007), (b"\xb1\x80\0\0\0\0", 1002), (b"\x82\xff" + (LIMIT + 1).to_bytes(8, "big") + b"\0" * 4, 1009)):
        stream = WebSocket(connection)
        stream.raw(bad)
        assert stream.code() == code, (stream.code(), code)
    # what happens to one stream is nothing to the others
    still.echoed("still")


def protocols(connection):
    assert WebSocket(connection, protocols=["other", "chat"]).headers["sec-websocket-protocol"] == "chat"
    assert "sec-websocket-protocol" not in WebSocket(connection, protocols=["other"]).headers


def crowd(connection):
    streams = [WebSocket(connection) for _ in range(40)]
    for turn in range(10):
        gets = [Get(connection) for _ in range(3)]
        for number, stream in enumerate(streams):
            stream.say(f"{number} says {turn} " + "x" * number * 50)
        for number, stream in enumerate(streams):
            assert stream.heard() == f"{number} says {turn} " + "x" * number * 50
        for get in gets:
            connection.until(lambda: get.over)
            assert get.body == b"HTTP/2", get.body
        # some leave, others come
        stream = streams.pop(0)
        connection.h2.reset_stream(stream.number)
        streams.append(WebSocket(connection))


for check in (messages, pings, terms, ends, protocols, crowd):
    connection = Http2()
    try:
        check(connection)
        print(check.__name__, "fine")
    except Exception as error:
        print(check.__name__, type(error).__name__, error)
    connection.close()
