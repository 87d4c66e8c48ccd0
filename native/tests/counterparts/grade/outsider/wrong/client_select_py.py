import select
import socket
import sys
import time

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.connect((sys.argv[1], int(sys.argv[2])))
delays = []

for seq in range(1, 11):
    begin = time.time()
    sock.send(f"Ping {seq} {begin:.6f}".encode())
    while True:
        ready, _, _ = select.select([sock], [], [], max(0, begin + 1 - time.time()))
        if not ready:
            print(f"PING {seq} -> Request timed out")
            break
        try:
            text = sock.recv(4096).decode()
        except ConnectionRefusedError:
            continue
        delay = time.time() - begin
        words = text.split(" ")
        if len(words) == 3 and words[1] == str(seq):
            delays.append(delay)
            print(f"PING {seq} -> {delay * 1e6:.0f} us")
            break

print(f"Packet loss: {100 - 10 * len(delays)} %")
if delays:
    print(f"min {min(delays) * 1e6:.0f} us, avg {sum(delays) / len(delays) * 1e6:.0f} us, max {max(delays) * 1e6:.0f} us")
