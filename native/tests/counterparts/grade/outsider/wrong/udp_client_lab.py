import sys, time
from socket import *

host = sys.argv[1]
port = int(sys.argv[2])
server = (gethostbyname(host), port)

clientSocket = socket(AF_INET, SOCK_DGRAM)
clientSocket.settimeout(1)   # wait up to one second for a reply

for i in range(1, 11):
    start = time.time()
    clientSocket.sendto(("Ping %d %s" % (i, start)).encode(), server)
    try:
        while True:
            clientSocket.settimeout(max(start + 1 - time.time(), 0.001))
            data, addr = clientSocket.recvfrom(1024)
            if addr == server:
                break
        end = time.time()
        print("Ping %d: reply %s" % (i, data.decode(errors="replace")))
        print("        RTT = %.6f s" % (end - start))
    except timeout:
        print("Ping %d: Request timed out" % i)

clientSocket.close()
