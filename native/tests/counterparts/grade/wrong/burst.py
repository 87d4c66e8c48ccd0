"""All pings at once, and one time of sending for them all, as replies come."""
import socket
import sys
import time

server = (sys.argv[1], int(sys.argv[2]))
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for number in range(1, 11):
    sock.sendto(f"Ping {number} {time.time()}".encode(), server)
start = time.perf_counter()
number = 0
while number < 10 and time.perf_counter() < start + 1:
    sock.settimeout(max(0.001, start + 1 - time.perf_counter()))
    try:
        data, sender = sock.recvfrom(2048)
    except OSError:
        break
    if sender == server and data[:4].upper() == b"PING":
        number += 1
        print(f"Ping {number}: RTT = {(time.perf_counter() - start) * 1000:.3f} ms")
for lost in range(number + 1, 11):
    print(f"Ping {lost}: Request timed out")
