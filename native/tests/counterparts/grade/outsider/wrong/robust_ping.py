#!/usr/bin/env python3
"""Very robust UDP ping"""
import socket, sys, time

TRIES = 3

def exchange(sock, server, payload, wait=1.0):
    for _ in range(TRIES):
        sock.sendto(payload, server)
        t = time.perf_counter()
        while (left := t + wait - time.perf_counter()) > 0:
            sock.settimeout(left)
            try:
                data, src = sock.recvfrom(4096)
            except socket.timeout:
                break
            if src == server and data.upper() == payload.upper():
                return time.perf_counter() - t
    return None

def main():
    server = (socket.gethostbyname(sys.argv[1]), int(sys.argv[2]))
    sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    ok = 0
    for seq in range(1, 11):
        rtt = exchange(sock, server, b"Ping %d %.3f" % (seq, time.time()))
        if rtt is None:
            print(f"Ping {seq:<3} Request timed out")
        else:
            ok += 1
            print(f"Ping {seq:<3} {rtt * 1000:.3f} ms")
    print(f"Packet loss: {(10 - ok) / 10:.0%}")

main()
