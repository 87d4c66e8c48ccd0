"""Long messages on Linux: one call sends many datagrams, one call receives many.

    long_messages.py burst PORT SIZE COUNT TAIL   sends COUNT datagrams of SIZE bytes and one
                                                  of TAIL (0 for none) in one message; says
                                                  how many came back, each just as it was
    long_messages.py echo                         a server that takes long messages, and
                                                  answers each with one
"""

import random
import socket
import sys

SOL_UDP, UDP_SEGMENT, UDP_GRO = 17, 103, 104
LOOPBACK = "127.0.0.1"


def burst(port, size, count, tail):
    client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    client.settimeout(20)
    client.connect((LOOPBACK, port))
    draw = random.Random(size * count + tail)
    message = draw.randbytes(size * count + tail)
    expected = [message[at : at + size] for at in range(0, len(message), size)]
    client.setsockopt(SOL_UDP, UDP_SEGMENT, size)
    client.send(message)
    client.setsockopt(SOL_UDP, UDP_SEGMENT, 0)
    came = [client.recv(65536) for _ in expected]
    if sorted(came) != sorted(expected):
        sys.exit(f"sent {list(map(len, expected))}, received {list(map(len, came))}")
    print("RETURNED", len(came))


def echo():
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((LOOPBACK, 0))
    server.setsockopt(SOL_UDP, UDP_GRO, 1)
    print("PORT", server.getsockname()[1], flush=True)
    joined = 0
    while True:
        message, told, _, client = server.recvmsg(65536, socket.CMSG_SPACE(4))
        size = 0
        for level, kind, value in told:
            if (level, kind) == (SOL_UDP, UDP_GRO):
                size = int.from_bytes(value, sys.byteorder)
        if size and not joined:
            joined = 1
            print("JOINED", flush=True)
        server.setsockopt(SOL_UDP, UDP_SEGMENT, size)
        server.sendto(message, client)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["burst", *numbers]:
            burst(*map(int, numbers))
        case ["echo"]:
            echo()
        case _:
            sys.exit(__doc__)
