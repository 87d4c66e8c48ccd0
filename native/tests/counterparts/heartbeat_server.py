#!/usr/bin/env python3
"""The assignment's heartbeat server, as a student would write it.

    heartbeat_server.py [--silence SECONDS]

Prints `PORT <n>`, then a line for each heartbeat (`beat 3 0.0004`, the time
difference in seconds), for each number that was skipped (`missing 4`), and for
the silence after which a client is given up (`stopped`). It runs until its
standard input closes. One client, since that is all the assignment asks for.
"""

import argparse
import select
import socket
import sys
import time


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--silence", type=float, default=1.0)
    silence = parser.parse_args().silence

    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 0))
    print("PORT", server.getsockname()[1], flush=True)
    latest = 0
    heard = None
    while True:
        patience = None if heard is None else max(0.0, heard + silence - time.monotonic())
        ready, _, _ = select.select([server, sys.stdin], [], [], patience)
        if sys.stdin in ready:
            return
        if server not in ready:
            print("stopped", flush=True)
            heard = None
            continue
        number, sent = server.recv(1024).decode().split()
        heard = time.monotonic()
        for missing in range(latest + 1, int(number)):
            print("missing", missing, flush=True)
        latest = int(number)
        print("beat", latest, f"{time.time() - float(sent):.6f}", flush=True)


if __name__ == "__main__":
    main()
