"""The fleet bench's own arithmetic."""

import asyncio
import os
import time

import pytest

from bench.fleet.cpu import used_s
from bench.fleet.http import Line, NotOurs
from bench.fleet.measure import exponent, p95

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("power", [0.5, 1.0, 1.5])
def test_the_exponent_is_the_power_that_costs_grow_by(power):
    sizes = [25, 50, 100, 200]
    assert exponent(sizes, [3 * size**power for size in sizes]) == pytest.approx(power)


def test_one_in_twenty_is_beyond_p95():
    assert p95([float(n) for n in range(1, 101)]) == 95
    assert p95([7.0]) == 7


def test_processor_time_is_counted():
    before, began = used_s([os.getpid()]), time.process_time()
    while time.process_time() - began < 0.05:
        pass
    assert used_s([os.getpid()]) - before >= 0.03


async def _ask(said: bytes):
    async def answer(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(said)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    line = Line(server.sockets[0].getsockname()[1])
    try:
        return await line.ask("GET", "/sync", {"Signature": "s"}, b"")
    finally:
        line.drop()
        server.close()


async def test_an_answer_is_read_to_its_end():
    got = await _ask(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nack: 4\r\n\r\nyes")
    assert (got.status, got.headers["Ack"], got.body) == (200, "4", b"yes")
    assert (await _ask(b"HTTP/1.1 204 No Content\r\nack: 4\r\n\r\n")).body == b""


async def test_a_web_server_s_own_error_page_is_told_apart():
    with pytest.raises(NotOurs) as page:
        await _ask(b"HTTP/1.1 500 Internal Server Error\r\ntransfer-encoding: chunked\r\n\r\n")
    assert page.value.status == 500


async def test_half_an_answer_is_an_error():
    with pytest.raises(EOFError):
        await _ask(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nye")
