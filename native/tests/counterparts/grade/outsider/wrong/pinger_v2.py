#!/usr/bin/env python3
import socket, sys, time, argparse

parser = argparse.ArgumentParser(description="UDP pinger v2 - now ignores old replies")
parser.add_argument("host")
parser.add_argument("port", type=int)
opts = parser.parse_args()

srv = (socket.gethostbyname(opts.host), opts.port)
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.settimeout(1.0)
rtts = []

for seq in range(1, 11):
    msg = f"Ping {seq} {time.time()}".encode()
    t0 = time.perf_counter()
    sock.sendto(msg, srv)
    try:
        while True:
            data, who = sock.recvfrom(2048)
            if who == srv and data.upper() == msg.upper():
                break
        rtt = (time.perf_counter() - t0) * 1000
        rtts.append(rtt)
        print(f"seq={seq} rtt={rtt:.3f} ms")
    except socket.timeout:
        print(f"seq={seq} Request timed out")

print(f"loss = {(10 - len(rtts)) * 10}%")
if rtts:
    print(f"min/avg/max = {min(rtts):.3f}/{sum(rtts)/len(rtts):.3f}/{max(rtts):.3f} ms")
