# Packet layout (48 bytes, ASCII, blank padded):
#   0..15  the word Ping
#  16..31  sequence number
#  32..47  send time, seconds since the epoch
import socket
import sys
import time

FIELD = 16
TIMEOUT = 1.0


def build(seq, now):
    return (b"Ping".ljust(FIELD) + str(seq).encode().rjust(FIELD)
            + ("%.4f" % now).encode().rjust(FIELD))


def seq_of(packet):
    if len(packet) != 3 * FIELD or packet[:FIELD].strip().upper() != b"PING":
        return None
    try:
        return int(packet[FIELD:2 * FIELD])
    except ValueError:
        return None


if len(sys.argv) != 3:
    sys.exit("usage: fixed_fields.py HOST PORT")

sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sock.connect((sys.argv[1], int(sys.argv[2])))

ok = 0
total = 0.0
best = worst = None
for seq in range(0, 11):
    start = time.monotonic()
    try:
        sock.send(build(seq, time.time()))
    except ConnectionRefusedError:
        pass
    rtt = None
    while rtt is None:
        left = start + TIMEOUT - time.monotonic()
        if left <= 0:
            break
        sock.settimeout(left)
        try:
            packet = sock.recv(2048)
        except socket.timeout:
            break
        except ConnectionRefusedError:
            continue
        if seq_of(packet) == seq:
            rtt = time.monotonic() - start
    if rtt is None:
        print("PING %2d  *** Request timed out ***" % seq)
        continue
    ok += 1
    total += rtt
    best = rtt if best is None else min(best, rtt)
    worst = rtt if worst is None else max(worst, rtt)
    print("PING %2d  reply in %.6f seconds" % (seq, rtt))

print("%d of 10 replies, packet loss rate: %.2f" % (ok, (10 - ok) / 10 * 100), "%")
if ok:
    print("minimum RTT:", "%.6f" % best)
    print("maximum RTT:", "%.6f" % worst)
    print("average RTT:", "%.6f" % (total / ok))
