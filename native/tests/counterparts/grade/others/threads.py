#!/usr/bin/env python3
# One thread sends a ping every second, another one receives.
import socket
import sys
import threading
import time

HOST, PORT, COUNT, TIMEOUT = sys.argv[1], int(sys.argv[2]), 10, 1.0
sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.bind(("", 0))
sent, rtt, lock = {}, {}, threading.Lock()
stop = threading.Event()


def receive():
    sock.settimeout(0.05)
    while not stop.is_set():
        try:
            data, address = sock.recvfrom(4096)
        except socket.timeout:
            continue
        now = time.perf_counter()
        try:
            word, number, *_ = data.replace(b"\0", b"").decode("ascii").split()
            number = int(number)
        except ValueError:
            continue
        with lock:
            if word.upper() == "PING" and address[1] == PORT and number in sent and number not in rtt:
                if now - sent[number] <= TIMEOUT:
                    rtt[number] = now - sent[number]


receiver = threading.Thread(target=receive)
receiver.start()
for number in range(1, COUNT + 1):
    with lock:
        sent[number] = time.perf_counter()
    sock.sendto(f"Ping {number} {time.time()}".encode(), (HOST, PORT))
    time.sleep(max(0, sent[number] + 1 - time.perf_counter()))
time.sleep(0.1)
stop.set()
receiver.join()

print("seq   rtt")
for number in sent:
    print(f"{number:<5} {rtt[number] * 1000:.2f} ms" if number in rtt else f"{number:<5} timeout")
print(f"\n{COUNT} packets transmitted, {len(rtt)} received, {(COUNT - len(rtt)) / COUNT:.0%} packet loss")
if rtt:
    values = list(rtt.values())
    print(f"rtt min/avg/max = {min(values) * 1000:.3f}/{sum(values) / len(values) * 1000:.3f}/{max(values) * 1000:.3f} ms")
