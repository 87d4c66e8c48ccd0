#!/usr/bin/env python3
"""UDP ping clients as courses set them.

    client.py ASSIGNMENT HOST PORT [--strict]

Prints what came back and exits 0 if every ping was answered in time by a reply
to that very ping. With --strict the reply must also be in the form the course
asks of its own servers (pong type, `PINGECHO`, capitals ...), which no plain
echo is.
"""

import argparse
import random
import socket
import struct
import sys
import time
from dataclasses import dataclass
from typing import Callable


def same(request, reply):
    """The request came back, give or take case and what a buffer leaves behind."""
    return reply.rstrip(b"\0\r\n ").lower() == request.rstrip(b"\0\r\n ").lower()


def carried(request, reply):
    """The request is somewhere in the reply."""
    return request.strip().lower() in reply.lower()


def anything(_request, _reply):
    return True


@dataclass(frozen=True)
class Assignment:
    """What a course asks of a client that sends a ping and waits for its pong."""

    request: Callable[[int], bytes]
    answers: Callable[[bytes, bytes], bool] = same
    conforms: Callable[[bytes, bytes], bool] = anything
    first: int = 1
    count: int = 10
    timeout: float = 1.0


def milliseconds():
    return time.time_ns() // 1_000_000


def ufes(number):
    """40 bytes: number 5, type 1, time 4, message 30, padded with NUL."""
    return b"%05d0%04d" % (number, milliseconds() % 10000) + b"ola mundo".ljust(30, b"\0")


def yale(number):
    """`PING`, a 16-bit number, a 64-bit time, the password, CRLF."""
    return struct.pack("!4sHQ", b"PING", number, milliseconds()) + b"secret\r\n"


ASSIGNMENTS = {
    # `Ping <number> <time>`, ten of them, a second each; the reply is in capitals.
    "textbook": Assignment(
        lambda number: b"Ping %d %.6f" % (number, time.time()),
        conforms=lambda request, reply: reply == request.upper(),
    ),
    # The older Java lab counts from 0 and its servers send back all of a 1024-byte buffer.
    "java": Assignment(
        lambda number: b"PING %d %d \r\n" % (number, milliseconds()),
        conforms=lambda _, reply: len(reply) == 1024,
        first=0,
    ),
    # Fifteen pings, 600 ms each, from a five-digit number.
    "unsw": Assignment(
        lambda number: b"PING %d %d \r\n" % (number, milliseconds()),
        first=random.randrange(10000, 20000),
        count=15,
        timeout=0.6,
    ),
    "ufes": Assignment(
        ufes,
        answers=lambda request, reply: len(reply) == 40 and reply[:5] + reply[6:] == request[:5] + request[6:],
        conforms=lambda _, reply: reply[5:6] == b"1",
        count=5,
    ),
    "yale": Assignment(
        yale,
        answers=lambda request, reply: reply.endswith(request[4:]),
        conforms=lambda _, reply: reply.startswith(b"PINGECHO"),
        count=5,
    ),
    # Type 1 asks, type 2 answers; then the number.
    "two-integers": Assignment(
        lambda number: struct.pack("!II", 1, number),
        answers=lambda request, reply: len(reply) == 8 and reply[4:] == request[4:],
        conforms=lambda _, reply: reply[:4] == struct.pack("!I", 2),
    ),
    "two-shorts": Assignment(
        lambda number: struct.pack("!HH", 1, number),
        answers=lambda request, reply: len(reply) == 4 and reply[2:] == request[2:],
        conforms=lambda _, reply: reply[:2] == struct.pack("!H", 2),
    ),
    # Whatever comes back is the pong.
    "brazil": Assignment(
        lambda number: b"mensagem %d" % number,
        answers=anything,
        conforms=lambda request, reply: reply == b"Pong: " + request,
    ),
    # No number, no time.
    "bare": Assignment(
        lambda _: b"ping",
        answers=lambda _, reply: reply.strip().lower() in (b"ping", b"pong"),
        conforms=lambda _, reply: reply == b"pong",
    ),
    # A number and a date that has spaces in it; the reply is the request exactly.
    "dated": Assignment(
        lambda number: b"%d %s" % (number, time.ctime().encode()),
        conforms=lambda request, reply: reply == request,
    ),
    # 260 letters, enough to show a server with too small a buffer.
    "letters": Assignment(
        lambda _: bytes(ord("a") + place % 26 for place in range(260)),
        answers=carried,
        count=5,
    ),
}


def ping(sock, request, assignment, strict):
    """Send one ping; return its RTT in seconds and the reply, or None after the timeout."""
    sent = time.perf_counter()
    sock.send(request)
    while True:
        left = sent + assignment.timeout - time.perf_counter()
        if left <= 0:
            return None
        sock.settimeout(left)
        try:
            reply = sock.recv(65536)
        except socket.timeout:
            return None
        rtt = time.perf_counter() - sent
        if assignment.answers(request, reply) and (not strict or assignment.conforms(request, reply)):
            return rtt, reply
        print("ignored", reply)


def run(assignment, sock, strict):
    rtts = []
    for number in range(assignment.first, assignment.first + assignment.count):
        pong = ping(sock, assignment.request(number), assignment, strict)
        if pong is None:
            print(f"{number} Request timed out")
        else:
            print(f"{number} {pong[0] * 1000:.3f} ms {pong[1]}")
            rtts.append(pong[0] * 1000)
    print(f"{assignment.count} sent, {len(rtts)} answered")
    if rtts:
        print(f"min {min(rtts):.3f} avg {sum(rtts) / len(rtts):.3f} max {max(rtts):.3f} ms")
    return len(rtts) == assignment.count


def heartbeat(sock):
    """Tell the server ten times that we live. No reply is due, and none harms;
    that nobody listens does, and a connected socket learns of it."""
    for number in range(1, 11):
        sock.send(b"%d %.6f" % (number, time.time()))
        sock.settimeout(0.02)
        try:
            print(f"{number} answered {sock.recv(65536)}")
        except socket.timeout:
            print(f"{number} unanswered")
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("assignment", choices=[*ASSIGNMENTS, "heartbeat"])
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    parser.add_argument("--strict", action="store_true", help="demand the course's own form of reply")
    options = parser.parse_args()

    family, kind, protocol, _, address = socket.getaddrinfo(options.host, options.port, type=socket.SOCK_DGRAM)[0]
    with socket.socket(family, kind, protocol) as sock:
        sock.connect(address)
        try:
            if options.assignment == "heartbeat":
                worked = heartbeat(sock)
            else:
                worked = run(ASSIGNMENTS[options.assignment], sock, options.strict)
        except ConnectionRefusedError:
            print("nobody listens there")
            worked = False
    sys.exit(0 if worked else 1)


if __name__ == "__main__":
    main()
