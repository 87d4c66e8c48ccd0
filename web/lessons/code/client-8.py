import time
from socket import socket, AF_INET, SOCK_DGRAM

SERVER = ("127.0.0.1", 12000)
client = socket(AF_INET, SOCK_DGRAM)
rtts = []
for n in range(1, 11):
    start = time.perf_counter()
    client.sendto(f"Ping {n} {start}".encode(), SERVER)
    while True:
        left = start + 1 - time.perf_counter()
        if left <= 0:
            print(f"ping {n}: lost")
            break
        client.settimeout(left)
        try:
            reply, address = client.recvfrom(2048)
        except TimeoutError:
            continue
        rtt = time.perf_counter() - start
        if reply.split()[1:2] == [b"%d" % n] and rtt <= 1:
            print(f"ping {n}: RTT {rtt * 1000:.1f} ms")
            rtts.append(rtt * 1000)
            break
    time.sleep(max(0, start + 1 - time.perf_counter()))

print(f"10 sent, {len(rtts)} answered, {10 * (10 - len(rtts))} % lost")
print(f"mean RTT {sum(rtts) / len(rtts):.1f} ms")
