import time
from socket import socket, AF_INET, SOCK_DGRAM

SERVER = ("127.0.0.1", 12000)
client = socket(AF_INET, SOCK_DGRAM)
for n in range(1, 11):
    start = time.time()
    client.sendto(f"Ping {n} {start}".encode(), SERVER)
    reply, address = client.recvfrom(2048)
    rtt = time.time() - start
    print(f"ping {n}: RTT {rtt * 1000:.1f} ms")
    time.sleep(max(0, start + 1 - time.time()))
