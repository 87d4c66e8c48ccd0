# envia os 10 pings em rajada e depois recolhe as respostas
import socket, sys, time
srv = (socket.gethostbyname(sys.argv[1]), int(sys.argv[2]))
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
envio = []
for i in range(1, 11):
    envio.append(time.perf_counter())
    s.sendto(f"Ping {i} {time.time()}".encode(), srv)
rtts = []
while len(rtts) < 10:
    falta = envio[len(rtts)] + 1 - time.perf_counter()
    if falta <= 0:
        break
    s.settimeout(falta)
    try:
        d, a = s.recvfrom(1024)
    except socket.timeout:
        break
    if a == srv and d[:5].upper() == b"PING ":
        k = len(rtts)          # resposta k e' do ping k
        rtts.append(time.perf_counter() - envio[k])
for i in range(10):
    print(f"Ping {i + 1}: " + (f"{rtts[i] * 1000:.3f} ms" if i < len(rtts) else "tempo esgotado"))
