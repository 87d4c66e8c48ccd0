"""Spoofed datagrams between two reflectors: how many packets come of them?

Run it in a network namespace of its own, as its root: `unshare -rn python3 loop.py …`.
It knows nothing of udping: programs are given as command lines.

    loop.py --at 192.0.2.1 --program 'CMD…' --program 'CMD…' --echo 41000 --spoof 41000:42000 --stamp now

Brings loopback up with --at as one more address of it, starts the programs and a plain echo, waits until every port of
--spoof has a listener, sends one datagram (or --many, no two alike) to the second port in
the first one's name, and prints `PACKETS <n> LATER <m>`: how many packets crossed
loopback in the two seconds after, and how many of them in the second of these.
"""

import argparse
import fcntl
import shlex
import socket
import struct
import subprocess
import sys
import threading
import time

SIOCGIFFLAGS, SIOCSIFFLAGS, SIOCSIFADDR, IFF_UP = 0x8913, 0x8914, 0x8916, 0x1
NTP_OFFSET = 2_208_988_800


def loopback_up(home):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        request = struct.pack("16sh14x", b"lo", 0)
        _, flags = struct.unpack_from("16sh", fcntl.ioctl(handle, SIOCGIFFLAGS, request))
        fcntl.ioctl(handle, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", flags | IFF_UP))
        if not home.startswith("127."):
            address = struct.pack("HH4s8x", socket.AF_INET, 0, socket.inet_aton(home))
            fcntl.ioctl(handle, SIOCSIFADDR, struct.pack("16s", b"lo:1") + address)


def listeners():
    with open("/proc/net/udp", encoding="ascii") as table:
        return {int(line.split()[1].split(":")[1], 16) for line in list(table)[1:]}


def await_listeners(ports):
    end = time.monotonic() + 60
    while not ports <= listeners():
        if time.monotonic() > end:
            sys.exit(f"nobody listens on {sorted(ports - listeners())}")
        time.sleep(0.01)


def echo(home, port):
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((home, port))

    def serve():
        while True:
            datagram, client = server.recvfrom(65536)
            server.sendto(datagram, client)

    threading.Thread(target=serve, daemon=True).start()


def stamp_request(when, number):
    seconds = time.time() + NTP_OFFSET if when == "now" else 1.5
    t1 = struct.pack(">II", int(seconds), int(seconds % 1 * 2**32))
    return struct.pack(">I", number) + t1 + struct.pack(">H", 1) + bytes(30)


def text_request(text, number):
    return f"{text}{number or ''}".encode()


def spoof(address, source, target, payload):
    udp = struct.pack(">HHHH", source, target, 8 + len(payload), 0) + payload
    home = socket.inet_aton(address)
    ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0) + home + home
    with socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_RAW) as raw:
        raw.sendto(ip + udp, (address, 0))


def packets():
    with open("/proc/net/dev", encoding="ascii") as table:
        line = next(line for line in table if line.strip().startswith("lo:"))
    return int(line.split(":")[1].split()[1])


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--at", required=True, help="the address of both ends")
    options.add_argument("--program", action="append", default=[])
    options.add_argument("--echo", type=int, action="append", default=[])
    options.add_argument("--spoof", required=True, help="FROM:TO")
    payload = options.add_mutually_exclusive_group(required=True)
    payload.add_argument("--stamp", choices=["now", "long-ago"])
    payload.add_argument("--text")
    options.add_argument("--many", type=int, default=1)
    given = options.parse_args()

    loopback_up(given.at)
    running = [
        subprocess.Popen(shlex.split(command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for command in given.program
    ]
    for port in given.echo:
        echo(given.at, port)
    try:
        source, target = map(int, given.spoof.split(":"))
        await_listeners({source, target})
        before = packets()
        for number in range(given.many):
            text, stamp = given.text, given.stamp
            spoof(given.at, source, target, text_request(text, number) if text else stamp_request(stamp, number))
        time.sleep(1)
        between = packets()
        time.sleep(1)
        after = packets()
        print("PACKETS", after - before, "LATER", after - between)
    finally:
        for program in running:
            program.kill()
            program.wait()


if __name__ == "__main__":
    main()
