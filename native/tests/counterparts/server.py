#!/usr/bin/env python3
"""UDP ping servers as courses and students write them, good ones and bad ones.

    server.py REPLY [option ...]

REPLY is what the server says; the options are what befalls it on the way.
The first line on standard output is `PORT <n>`; then comes a line for each
request, naming its fate and the number it carried (`answered 3`, `dropped 4`),
so that a test can compare what a client believes with what happened.
The server runs until its standard input closes.
"""

import argparse
import decimal
import email.utils
import hashlib
import heapq
import random
import re
import select
import socket
import struct
import sys
import time
from fractions import Fraction

LARGEST_DATAGRAM = 65507  # over IPv4: 65535 less the IP and UDP headers
NUMBER = re.compile(rb"\d+")

# ---- What a server says: request in, reply out -------------------------------

REPLIES = {}


def reply(function):
    """Offer `function` on the command line, under its name with dashes."""
    REPLIES[function.__name__.replace("_", "-")] = function
    return function


@reply
def upper(request, _options):
    """the request in capitals (the textbook's server)"""
    return request.upper()


@reply
def lower(request, _options):
    """the request in small letters"""
    return request.lower()


@reply
def echo(request, _options):
    """the request as it came"""
    return request


@reply
def padded(request, options):
    """the request filled with NUL to --size bytes (the older Java server)"""
    return request.ljust(options.size, b"\0")


@reply
def pong(_request, _options):
    """the word `pong` and nothing else"""
    return b"pong"


@reply
def prefixed(request, _options):
    """`Pong: ` and the request (a Brazilian habit)"""
    return b"Pong: " + request


@reply
def suffixed(request, _options):
    """the request and ` OK`"""
    return request + b" OK"


@reply
def no_time(request, _options):
    """`Pong 3`: the number alone comes back"""
    return b"Pong %d" % number_of(request)


@reply
def next_number(request, _options):
    """the request with its number one higher"""
    return NUMBER.sub(lambda found: b"%d" % (int(found[0]) + 1), request, count=1)


@reply
def next_nyu(request, _options):
    """the number one higher, then the rest: `4 <time> CRLF` for `PING 3 <time>`"""
    rest = request[NUMBER.search(request).end():].strip()
    return b"%d %s \r\n" % (number_of(request) + 1, rest)


@reply
def next_alone(request, _options):
    """the number one higher and nothing else"""
    return b"%d" % (number_of(request) + 1)


@reply
def receipt(request, _options):
    """`Reply <number> <client's time> <server's time> <MD5 of these>`"""
    words = request.split()
    body = b"Reply %d %s %d" % (number_of(request), words[-1], time.time_ns() // 1000)
    return body + b" " + hashlib.md5(body).hexdigest().encode()


@reply
def stamped(request, _options):
    """the request and the server's time in microseconds since 1970"""
    return request + b" %d" % (time.time_ns() // 1000)


@reply
def recent(request, _options):
    """the number, if the request's time is within the last second, else `stale`"""
    age = time.time() - float(request.split()[2])
    return b"Pong %d" % number_of(request) if 0 <= age < 1 else b"stale"


@reply
def floated(request, _options):
    """JSON of the number and the time as a float, which cuts its last digits"""
    number, seconds = number_of(request), request.split()[2]
    # Seven always: by itself a float leaves out zeros at its end, and one time in forty that
    # makes fewer than the six that tell an echo.
    cut = b"%.7f" % float(seconds)
    # One time in a hundred has no more than seven, and comes back as it was.
    if decimal.Decimal(cut.decode()) == decimal.Decimal(seconds.decode()):
        say("whole", number)
    return b'{"answer to": [%d, %s]}' % (number, cut)


@reply
def prose(request, _options):
    """`Your data was 23 bytes long`: prose with a number in it"""
    return b"Your data was %d bytes long" % len(request)


@reply
def date(_request, _options):
    """the date, as HTTP writes it"""
    return email.utils.formatdate(usegmt=True).encode()


@reply
def cut(request, options):
    """the first --size bytes of the request (a `recvfrom(1024)`)"""
    return request[: options.size]


@reply
def flipped(request, _options):
    """the request with a bit of its last byte flipped"""
    return request[:-1] + bytes([request[-1] ^ 1])


@reply
def ufes(request, _options):
    """the sixth byte set to `1`, pong in the 40-byte format of UFES"""
    return request[:5] + b"1" + request[6:]


@reply
def two_integers(request, _options):
    """the type changed from 1 to 2 in a pair of network-order integers"""
    pair = {8: struct.Struct("!II"), 4: struct.Struct("!HH")}[len(request)]
    return pair.pack(2, pair.unpack(request)[1])


@reply
def yale(request, _options):
    """`PINGECHO` for the `PING` that a binary request starts with"""
    return b"PINGECHO" + request[4:]


@reply
def garbage(_request, options):
    """random bytes"""
    return options.draws.getrandbits(8 * 64).to_bytes(64, "big")


@reply
def empty(_request, _options):
    """a datagram without any bytes"""
    return b""


@reply
def huge(_request, _options):
    """the largest datagram there is, saying nothing"""
    return b"U" * LARGEST_DATAGRAM


def number_of(request):
    """The first number in `request`, or None."""
    found = NUMBER.search(request)
    return int(found[0]) if found else None


# ---- What befalls it on the way ----------------------------------------------


def arguments(argv):
    parser = argparse.ArgumentParser(
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="replies:\n" + "\n".join(f"  {name:12} {says.__doc__}" for name, says in REPLIES.items()),
    )
    parser.add_argument("reply", choices=REPLIES, metavar="REPLY")
    parser.add_argument("--bind", default="127.0.0.1", metavar="ADDRESS")
    parser.add_argument("--seed", type=int, default=1, help="of every random draw")
    parser.add_argument("--size", type=int, default=1024, help="of a padded reply, in bytes")
    parser.add_argument("--loss", type=Fraction, default=0, help="share of requests dropped: 0.3, 4/11")
    parser.add_argument("--drop", type=number_list, default=[], metavar="N,...", help="drop these numbers")
    parser.add_argument("--delay", type=float, default=0, metavar="MS", help="of each reply")
    parser.add_argument("--hold", type=hold_list, default={}, metavar="N:MS,...", help="delay these numbers further")
    parser.add_argument("--copies", type=int, default=1, help="of each reply")
    parser.add_argument("--reverse", type=int, default=1, metavar="K", help="answer K at a time, last one first")
    parser.add_argument("--before", choices=("garbage", "empty", "huge"), help="send this ahead of each reply")
    parser.add_argument("--from", dest="origin", metavar="ADDRESS", help="answer from another socket, bound here")
    parser.add_argument("--silent-after", type=int, metavar="N", help="answer N requests, then none")
    parser.add_argument("--close-after", type=int, metavar="N", help="answer N requests, then close the socket")
    options = parser.parse_args(argv)
    options.draws = random.Random(options.seed)
    return options


def number_list(text):
    return [int(number) for number in text.split(",")]


def hold_list(text):
    pairs = (pair.split(":") for pair in text.split(","))
    return {int(number): float(ms) for number, ms in pairs}


class Server:
    """One listening socket, one to answer from, and the replies not yet due.

    Replies wait in a heap, never in a sleep, so a slow reply delays no other.
    """

    def __init__(self, options):
        self.options = options
        self.listening = bound_socket(options.bind)
        self.answering = bound_socket(options.origin) if options.origin else self.listening
        self.waiting = []  # heap of (due, order of scheduling, payload, client)
        self.scheduled = 0
        self.batch = []  # (number, payloads, client), for --reverse
        self.answered = 0

    def run(self):
        say("PORT", self.listening.getsockname()[1])
        while True:
            sources = [sys.stdin] if self.closing_time() else [sys.stdin, self.listening]
            ready, _, _ = select.select(sources, [], [], self.time_to_next())
            if sys.stdin in ready and not sys.stdin.buffer.read1(4096):
                return
            if self.listening in ready:
                self.take(*self.listening.recvfrom(65536))
            self.send_due()
            if self.closing_time() and not self.waiting:
                self.listening.close()

    def closing_time(self):
        """Whether --close-after has been reached; the socket goes once the last reply has."""
        return self.options.close_after is not None and self.answered >= self.options.close_after

    def time_to_next(self):
        return max(0, self.waiting[0][0] - time.monotonic()) if self.waiting else None

    def take(self, request, client):
        options, number = self.options, number_of(request)
        if options.silent_after is not None and self.answered >= options.silent_after:
            say("silent", number)
        elif number in options.drop or options.draws.random() < options.loss:
            say("dropped", number)
        else:
            self.answered += 1
            say("answered", number)
            payloads = [REPLIES[options.reply](request, options)] * options.copies
            if options.before:
                payloads.insert(0, REPLIES[options.before](request, options))
            self.batch.append((number, payloads, client))
        if len(self.batch) >= options.reverse:
            for entry in reversed(self.batch):
                self.schedule(*entry)
            self.batch.clear()

    def schedule(self, number, payloads, client):
        due = time.monotonic() + (self.options.delay + self.options.hold.get(number, 0)) / 1000
        for payload in payloads:
            heapq.heappush(self.waiting, (due, self.scheduled, payload, client))
            self.scheduled += 1

    def send_due(self):
        while self.waiting and self.waiting[0][0] <= time.monotonic():
            _, _, payload, client = heapq.heappop(self.waiting)
            self.answering.sendto(payload, client)


def bound_socket(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_DGRAM)
    bound.bind((address, 0))
    return bound


def say(*words):
    print(*("-" if word is None else word for word in words), flush=True)


if __name__ == "__main__":
    Server(arguments(sys.argv[1:])).run()
