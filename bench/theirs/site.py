"""A small web server for `links`, on as many loopback ports as it is told; each port is a host of its own.

Says its ports as JSON; then, for every line that it reads, the shortest time between the end of one visit of a host and
the beginning of the next since it was last asked. A visit is an address: what it takes to learn about it counts as one.
"""

import asyncio
import json
import sys
import time

ANSWERS = {"page": "200 OK", "moved": "302 Found", "gone": "404 Not Found", "get-only": "200 OK"}
# port -> (which address was asked for last, when)
last: dict[int, tuple[str, float]] = {}
shortest = [float("inf")]


def note(port: int, number: str) -> None:
    now, (before, at) = time.monotonic(), last.get(port, (number, 0.0))
    if number != before:
        shortest[0] = min(shortest[0], now - at)
    last[port] = (number, now)


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    port = writer.get_extra_info("sockname")[1]
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            method, path, _ = head.split(b"\r\n", 1)[0].decode().split()
            _, kind, number = path.split("/")
            note(port, number)
            status = "405 Method Not Allowed" if (method, kind) == ("HEAD", "get-only") else ANSWERS[kind]
            closes = b"connection: close" in head.lower()
            lines = [f"HTTP/1.1 {status}", "Content-Length: 0", f"Connection: {'close' if closes else 'keep-alive'}"]
            if kind == "moved":
                lines.append(f"Location: /page/{number}")
            writer.write("\r\n".join([*lines, "", ""]).encode())
            await writer.drain()
            if closes:
                break
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main(hosts: int) -> None:
    servers = [await asyncio.start_server(answer, "127.0.0.1", 0) for _ in range(hosts)]
    print(json.dumps([server.sockets[0].getsockname()[1] for server in servers]), flush=True)
    while await asyncio.to_thread(sys.stdin.readline):
        print(shortest[0], flush=True)
        last.clear()
        shortest[0] = float("inf")
    for server in servers:
        server.close()


asyncio.run(main(int(sys.argv[1])))
