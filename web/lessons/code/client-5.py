import time
from socket import socket, AF_INET, SOCK_DGRAM

SERVER = ("127.0.0.1", 12000)
client = socket(AF_INET, SOCK_DGRAM)
client.settimeout(1)
for n in range(1, 11):
    start = time.time()
    client.sendto(f"Ping {n} {start}".encode(), SERVER)
    try:
        while True:
            reply, address = client.recvfrom(2048)
            if reply.split()[1:2] == [b"%d" % n]:
                break
        rtt = time.time() - start
        print(f"ping {n}: RTT {rtt * 1000:.1f} ms")
    except TimeoutError:
        print(f"ping {n}: lost")
    time.sleep(max(0, start + 1 - time.time()))
