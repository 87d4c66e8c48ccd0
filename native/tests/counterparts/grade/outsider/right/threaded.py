import socket, sys, threading, time

HOST, PORT = sys.argv[1], int(sys.argv[2])
N = 10
server = (socket.gethostbyname(HOST), PORT)
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("", 0))
s.settimeout(0.2)

lock = threading.Lock()
sent = {}       # seq -> (payload, send time)
rtt = {}        # seq -> seconds
running = True

def receiver():
    while running:
        try:
            data, who = s.recvfrom(4096)
        except OSError:
            continue
        now = time.perf_counter()
        if who != server:
            continue
        with lock:
            for seq, (payload, t) in sent.items():
                if payload.upper() == data.upper() and seq not in rtt and now - t <= 1.0:
                    rtt[seq] = now - t

th = threading.Thread(target=receiver, daemon=True)
th.start()

print("Please wait, collecting data (about %d seconds)..." % N)
for seq in range(1, N + 1):
    payload = ("Ping %d %s" % (seq, time.ctime())).encode()
    with lock:
        sent[seq] = (payload, time.perf_counter())
    s.sendto(payload, server)
    time.sleep(1.0)
time.sleep(0.05)
running = False
th.join()

print("+------+------------------+")
print("| ping |     RTT (s)      |")
print("+------+------------------+")
for seq in range(1, N + 1):
    if seq in rtt:
        print("| %4d | %16.9f |" % (seq, rtt[seq]))
    else:
        print("| %4d | %16s |" % (seq, "timed out"))
print("+------+------------------+")
lost = N - len(rtt)
print("Lost: %d/%d = %.0f%%" % (lost, N, 100.0 * lost / N))
if rtt:
    v = list(rtt.values())
    print("Min: %.9f s  Max: %.9f s  Avg: %.9f s" % (min(v), max(v), sum(v) / len(v)))
