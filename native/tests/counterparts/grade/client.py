"""A right client for the assignment; `mutants.toml` says how each wrong one differs."""
import socket
import sys
import time

host, port = sys.argv[1], int(sys.argv[2])
server = (socket.gethostbyname(host), port)
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
rtts = []
for number in range(1, 11):
    start = time.perf_counter()
    sock.sendto(f"Ping {number} {time.time()}".encode(), server)
    deadline = start + 1
    while True:
        left = deadline - time.perf_counter()
        if left <= 0:
            print(f"Ping {number}: Request timed out")
            break
        sock.settimeout(left)
        try:
            data, sender = sock.recvfrom(2048)
        except TimeoutError:
            continue
        now = time.perf_counter()
        words = data.decode(errors="replace").rstrip("\0").split()
        if sender != server or len(words) < 2 or words[0].lower() != "ping" or words[1] != str(number):
            continue
        rtt = now - start
        rtts.append(rtt)
        print(f"Ping {number}: RTT = {rtt * 1000:.3f} ms")
        break
lost = 10 - len(rtts)
print(f"Packets: sent 10, received {len(rtts)}, loss {lost * 10}%")
if rtts:
    print(f"min {min(rtts) * 1000:.3f} ms, max {max(rtts) * 1000:.3f} ms, avg {sum(rtts) / len(rtts) * 1000:.3f} ms")
