"""What PyPI's websockets finds out about an echo server at ws://127.0.0.1:PORT; prints a line for each group of checks, all of
them or those that are named behind the port.

The server speaks the sub-protocol "chat", agrees on compression, takes messages of up to 1 MiB, sends every message back, pings when it is
told "ping me", and ends the connection with 4001 "as you wish" when it is told "end".
"""
import asyncio
import random
import sys

from websockets.exceptions import ConnectionClosed, ConnectionClosedOK
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory
# the client that lets a test write frames of its own; newer releases have another one beside it
from websockets.legacy import client

PORT = int(sys.argv[1])
LIMIT = 1 << 20
PATIENCE = 60


def connect(**settings):
    return client.connect(f"ws://127.0.0.1:{PORT}/", open_timeout=PATIENCE, close_timeout=PATIENCE, ping_interval=None, max_size=None, **settings)


async def echoed(socket, message, shown=None):
    await socket.send(message)
    answer = await asyncio.wait_for(socket.recv(), PATIENCE)
    expected = message if isinstance(message, (str, bytes)) else type(message[0])().join(message)
    assert answer == expected, f"{shown or expected!r:.40} came back as {answer!r:.40}"


async def code_of(socket):
    """The code and the reason that the server ends the connection with."""
    try:
        while True:
            await asyncio.wait_for(socket.recv(), PATIENCE)
    except ConnectionClosed as closed:
        return closed.rcvd.code, closed.rcvd.reason


async def messages():
    for compression in (None, "deflate"):
        async with connect(compression=compression) as socket:
            for text in ("", "a", "Grüße, 世界, 🐘", "x" * 125, "x" * 126, "x" * 65535, "x" * 65536, "é" * (LIMIT // 2)):
                await echoed(socket, text)
            for length in (0, 1, 125, 126, 65535, 65536, LIMIT):
                await echoed(socket, random.randbytes(length), "bytes")
            await echoed(socket, ["a message ", "in ", "", "fragments"])
            await echoed(socket, [b"\x00" * 70000, b"\xff" * 70000])


async def pings():
    async with connect() as socket:
        for payload in (b"", b"here", random.randbytes(125)):
            await asyncio.wait_for(await socket.ping(payload), PATIENCE)
        await echoed(socket, "ping me")


async def terms():
    """Every window and both kinds of contexts, with messages that refer to each other and some that cannot be compressed."""
    text = "the quick brown fox jumps over the lazy dog; " * 40
    for settings in (
        {}, {"client_max_window_bits": True}, {"server_no_context_takeover": True}, {"client_no_context_takeover": True},
        {"server_no_context_takeover": True, "client_no_context_takeover": True, "client_max_window_bits": 9},
        *({"server_max_window_bits": bits, "client_max_window_bits": bits} for bits in range(9, 16)),
    ):
        async with connect(compression=None, extensions=[ClientPerMessageDeflateFactory(**settings)]) as socket:
            assert len(socket.extensions) == 1, f"no compression for {settings}"
            for turn in range(3):
                await echoed(socket, text)
                await echoed(socket, random.randbytes(40000), "bytes")
                await echoed(socket, [text, text])
                await echoed(socket, "")


async def limits():
    async with connect(compression=None) as socket:
        await socket.send(b"x" * (LIMIT + 1))
        assert (await code_of(socket))[0] == 1009
    async with connect(compression="deflate") as socket:
        # few bytes on the wire
        await socket.send(b"\0" * (16 << 20))
        assert (await code_of(socket))[0] == 1009
    async with connect(compression=None) as socket:
        await socket.write_frame(True, 1, b"\xff\xfe")
        assert (await code_of(socket))[0] == 1007
    async with connect(compression=None) as socket:
        # a reserved bit, set by hand in an empty text frame
        socket.transport.write(b"\xb1\x80\0\0\0\0")
        assert (await code_of(socket))[0] == 1002


async def ends():
    async with connect() as socket:
        await socket.send("end")
        assert await code_of(socket) == (4001, "as you wish")
    socket = await connect()
    await socket.close(3000, "enough")
    assert socket.close_code == 3000, socket.close_code
    socket = await connect()
    await socket.close(code=1000)
    try:
        await socket.recv()
        assert False, "a message after the end"
    except ConnectionClosedOK:
        pass


async def protocols():
    async with connect(subprotocols=["other", "chat"]) as socket:
        assert socket.subprotocol == "chat", socket.subprotocol
    async with connect(subprotocols=["other"]) as socket:
        assert socket.subprotocol is None, socket.subprotocol


async def crowd():
    async def one(number):
        async with connect() as socket:
            for turn in range(10):
                await echoed(socket, f"{number} says {turn} " + "x" * number * 50)
    await asyncio.gather(*(one(number) for number in range(50)))


async def main():
    checks = (messages, pings, terms, limits, ends, protocols, crowd)
    for check in [check for check in checks if not sys.argv[2:] or check.__name__ in sys.argv[2:]]:
        try:
            await asyncio.wait_for(check(), 2 * PATIENCE)
            print(check.__name__, "fine")
        except Exception as error:
            print(check.__name__, type(error).__name__, error)

asyncio.run(main())
