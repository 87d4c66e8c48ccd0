#!/usr/bin/env python3
"""Both ends of what courses' programs speak, in Python.

    courses.py serve KIND
    courses.py ping KIND HOST PORT

A server prints `PORT <n>` and runs until its standard input closes. A client pings
five times, one after another, and exits 0 if every reply was its ping's to the byte.
"""

import socket
import sys
import threading
import time
from urllib.parse import quote_plus, unquote_plus

PINGS = 5


# ---- Servers: from a request to its replies ----------------------------------


def ufes(request, _state):
    """Forty bytes of fixed fields; the sixth becomes 1."""
    number, kind, stamp = int(request[:5]), int(request[5:6]), int(request[6:10])
    assert kind == 0 and 0 <= stamp < 10000 and len(request) == 40
    return [b"%05d1%04d" % (number, stamp) + request[10:]]


def ufes_faulty(request, state):
    """The same with its faults: a wrong kind, a lost time, and one that comes late."""
    (reply,) = ufes(request, state)
    number = int(request[:5])
    if number == 3:
        state["held"] = reply
        return []
    if number == 5:
        return [reply[:5] + b"A" + reply[6:]]
    if number == 6:
        return [reply[:6] + b"0000" + reply[10:]]
    if number == 8:
        return [state.pop("held"), reply]
    return [reply]


def echoed_url(request, _state):
    """A form's fields, joined by plus signs."""
    name, number, moment, secret = unquote_plus(request.decode()).split(" ")[:4]
    assert name == "PING" and int(number) >= 0 and secret == "secret"
    time.strptime(moment, "%H:%M:%S")
    return [b"PINGECHO" + request[len(b"PING"):]]


def prose(request, _state):
    return [b"Your data was %d bytes long" % len(request)]


def date(_request, _state):
    return [time.strftime("%a %b %d %H:%M:%S %Y").encode()]


SERVERS = {
    "ufes": ufes,
    "ufes-faulty": ufes_faulty,
    "echoed-url": echoed_url,
    "prose": prose,
    "date": date,
}


def serve(kind):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.bind(("127.0.0.1", 0))
    print("PORT", sock.getsockname()[1], flush=True)

    def answer():
        state = {}
        while True:
            request, client = sock.recvfrom(2048)
            # As there: what it cannot read ends it.
            for reply in SERVERS[kind](request, state):
                sock.sendto(reply, client)

    threading.Thread(target=answer, daemon=True).start()
    sys.stdin.read()


# ---- Clients: what is sent as number n, and what has to come back ------------


def ping_ufes(number):
    stamp = int(time.time() * 1000) % 10000
    message = b"ping of the first lab\0".ljust(30, b"\0")
    return b"%05d0%04d" % (number, stamp) + message, b"%05d1%04d" % (number, stamp) + message


def ping_echoed_url(number):
    moment = quote_plus(time.strftime("%H:%M:%S"))
    request = f"PING+{number}+{moment}+secret+".encode()
    return request, b"PINGECHO" + request[4:]


def ping_line_end(number):
    request = b"message %d" % number
    return request, request + b"\n"


def ping_prose(number):
    request = b"x" * (20 + number)
    return request, b"Your data was 30 bytes long"


CLIENTS = {
    "ufes": ping_ufes,
    "echoed-url": ping_echoed_url,
    "line-end": ping_line_end,
    "prose": ping_prose,
}


def ping_udp(kind, address):
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    sock.settimeout(5)
    for number in range(PINGS):
        request, expected = CLIENTS[kind](number)
        sock.sendto(request, address)
        reply, _ = sock.recvfrom(2048)
        if reply != expected:
            sys.exit(f"{reply!r} is not {expected!r}")


def ping_tcp(address, end):
    """One connection for each ping, and one read for its answer."""
    for number in range(PINGS):
        request = b"Ping %d %d" % (number, time.time()) + end
        with socket.create_connection(address, timeout=5) as sock:
            sock.sendall(request)
            if sock.recv(1024) != request:
                sys.exit(f"ping {number} came back otherwise")


def beat_sockets(address):
    """Heartbeats without an answer, each from a socket of its own."""
    for number in range(1, PINGS + 1):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"%d %f" % (number, time.time()), address)
        time.sleep(0.05)


def main():
    end, kind = sys.argv[1:3]
    if end == "serve":
        return serve(kind)
    address = sys.argv[3], int(sys.argv[4])
    if kind == "tcp":
        ping_tcp(address, b"")
    elif kind == "tcp-line":
        ping_tcp(address, b"\n")
    elif kind == "beat-sockets":
        beat_sockets(address)
    else:
        ping_udp(kind, address)


if __name__ == "__main__":
    main()
