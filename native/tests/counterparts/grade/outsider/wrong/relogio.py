from socket import *
from time import time
import sys

srv = (gethostbyname(sys.argv[1]), int(sys.argv[2]))
sock = socket(AF_INET, SOCK_DGRAM)
for n in range(1, 11):
    sent = int(time())
    limit = time() + 1
    msg = f"Ping {n} {sent}".encode()
    sock.sendto(msg, srv)
    while True:
        left = limit - time()
        if left <= 0:
            print(f"{n:>2}. Request timed out")
            break
        sock.settimeout(left)
        try:
            data, src = sock.recvfrom(1024)
        except OSError:
            continue
        if src == srv and data.upper() == msg.upper():
            rtt = int(time()) - sent
            print(f"{n:>2}. {data.decode()}  RTT: {rtt} s")
            break
