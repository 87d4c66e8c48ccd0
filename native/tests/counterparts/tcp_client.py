#!/usr/bin/env python3
"""TCP clients that a line server has to get along with.

    tcp_client.py HOW HOST PORT

Exits 0 if every answer was as it should be, and says what was not.
"""

import argparse
import socket
import sys
import time

HOWS = {}


def how(function):
    """Offer `function` on the command line, under its name with dashes."""
    HOWS[function.__name__.replace("_", "-")] = function
    return function


def read(sock, length):
    """So many bytes, or fewer at the connection's end."""
    text = b""
    while len(text) < length and (more := sock.recv(length - len(text))):
        text += more
    return text


@how
def one_line(sock):
    """a line, its answer, and the next"""
    for number in range(1, 4):
        request = b"Ping %d %d\r\n" % (number, time.time_ns())
        sock.sendall(request)
        if read(sock, len(request)) != request:
            return f"line {number} came back otherwise"


@how
def in_pieces(sock):
    """a line that comes byte by byte"""
    request = b"Ping 1 1234567890123456\n"
    for byte in request:
        sock.sendall(bytes([byte]))
        time.sleep(0.002)
    if read(sock, len(request)) != request:
        return "it came back otherwise"


@how
def all_at_once(sock):
    """many lines in one segment, and the beginning of another"""
    lines = b"".join(b"Ping %d 12345\n" % number for number in range(1, 21))
    sock.sendall(lines + b"Pi")
    if read(sock, len(lines)) != lines:
        return "they came back otherwise, or in another order"
    sock.sendall(b"ng 21 12345\n")
    if read(sock, 14) != b"Ping 21 12345\n":
        return "the last one came back otherwise"


@how
def without_an_end(sock):
    """a request that only the end of the connection ends"""
    sock.sendall(b"Ping 1 12345")
    sock.shutdown(socket.SHUT_WR)
    if sock.recv(100) != b"Ping 1 12345":
        return "it came back otherwise"
    if sock.recv(100) != b"":
        return "the connection does not end"


@how
def no_line_end(sock):
    """requests without an end, one after another's answer"""
    for number in range(1, 4):
        request = b"Ping %d 12345" % number
        sock.sendall(request)
        if sock.recv(100) != request:
            return f"request {number} came back otherwise"


@how
def endless(sock):
    """a line without an end: nobody has to keep it all"""
    try:
        for _ in range(1000):
            sock.sendall(b"x" * 4096)
    except (BrokenPipeError, ConnectionResetError):
        return None
    return "four megabytes were taken"


@how
def empty_lines(sock):
    """lines with nothing in them"""
    sock.sendall(b"\n\n\n")
    if read(sock, 3) != b"\n\n\n":
        return "they came back otherwise"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("how", choices=HOWS)
    parser.add_argument("host")
    parser.add_argument("port", type=int)
    options = parser.parse_args()
    with socket.create_connection((options.host, options.port), timeout=20) as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wrong = HOWS[options.how](sock)
    if wrong:
        sys.exit(f"{options.how}: {wrong}")


if __name__ == "__main__":
    main()
