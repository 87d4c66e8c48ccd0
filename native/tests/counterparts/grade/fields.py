"""A right client for the assignment with fixed fields of 40 bytes."""
import socket
import sys
import time

server = (sys.argv[1], int(sys.argv[2]))
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(5):
    start = time.monotonic()
    stamp = int(start * 1000) % 10000
    sock.sendto(f"{number:05d}0{stamp:04d}{'ping':<30}".encode(), server)
    while True:
        left = start + 1 - time.monotonic()
        if left <= 0:
            print(f"pacote {number} perdido")
            break
        sock.settimeout(left)
        try:
            data, sender = sock.recvfrom(2048)
        except TimeoutError:
            continue
        if sender != server or len(data) != 40 or data[:5] != b"%05d" % number or data[5:6] != b"1":
            continue
        print(f"pacote {number} rtt {(time.monotonic() - start) * 1000:.2f} ms")
        break
