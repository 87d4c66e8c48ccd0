#!/usr/bin/env python3
"""A plain echo over TCP, as classes write it: a thread for each connection.

    tcp_echo.py [--upper] [--bare] [--say TEXT] [--close-after N] [--silent-after N] [--chop] [--slow S]

Prints `PORT <n>`, then `connection` for each one that is accepted. It runs until
its standard input closes. It answers over UDP on the same port too.
"""

import argparse
import socket
import sys
import threading
import time


def converse(connection, options):
    """Echo whatever comes, in the pieces in which it comes."""
    answered = 0
    with connection:
        while data := connection.recv(1024):
            if options.silent_after is not None and answered >= options.silent_after:
                continue
            if options.upper:
                data = data.upper()
            if options.bare:
                data = data.rstrip(b"\r\n")
            if options.say is not None:
                data = options.say.encode()
            time.sleep(options.slow)
            if options.chop:
                for byte in data:
                    connection.sendall(bytes([byte]))
                    time.sleep(0.0005)
            else:
                connection.sendall(data)
            answered += 1
            if options.close_after is not None and answered >= options.close_after:
                return


def accept(listener, options):
    while True:
        connection, _ = listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        print("connection", flush=True)
        threading.Thread(target=converse, args=(connection, options), daemon=True).start()


def echo(datagrams):
    while True:
        data, client = datagrams.recvfrom(65536)
        datagrams.sendto(data, client)


def listen():
    """A port that both protocols have free."""
    while True:
        listener = socket.create_server(("127.0.0.1", 0))
        datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        try:
            datagrams.bind(listener.getsockname())
            return listener, datagrams
        except OSError:
            listener.close()
            datagrams.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--upper", action="store_true", help="answer in capitals")
    parser.add_argument("--bare", action="store_true", help="answer without an end of line")
    parser.add_argument("--say", help="answer this and nothing else, without an end of line")
    parser.add_argument("--chop", action="store_true", help="answer byte by byte")
    parser.add_argument("--slow", type=float, default=0, help="seconds that an answer takes")
    parser.add_argument("--close-after", type=int, help="close a connection after so many answers")
    parser.add_argument("--silent-after", type=int, help="give a connection no more answers than these")
    options = parser.parse_args()
    listener, datagrams = listen()
    print("PORT", listener.getsockname()[1], flush=True)
    threading.Thread(target=accept, args=(listener, options), daemon=True).start()
    threading.Thread(target=echo, args=(datagrams,), daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
