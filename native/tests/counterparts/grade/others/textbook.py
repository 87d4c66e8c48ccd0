# UDPPingerClient.py
import sys
import time
from socket import *

serverName = sys.argv[1]
serverPort = int(sys.argv[2])
clientSocket = socket(AF_INET, SOCK_DGRAM)
rtts = []

for i in range(1, 11):
    sendTime = time.time()
    clock = time.monotonic()
    message = 'Ping ' + str(i) + ' ' + str(sendTime)
    clientSocket.sendto(message.encode(), (serverName, serverPort))
    received = False
    while not received:
        remaining = 1 - (time.monotonic() - clock)
        if remaining <= 0:
            break
        clientSocket.settimeout(remaining)
        try:
            data, address = clientSocket.recvfrom(1024)
        except timeout:
            break
        if address[1] != serverPort:
            continue
        parts = data.decode('latin-1').split()
        if len(parts) >= 2 and parts[0].upper() == 'PING' and parts[1] == str(i):
            received = True
            rtt = time.monotonic() - clock
            rtts.append(rtt)
            print('Reply from ' + serverName + ': ' + data.decode().rstrip('\0'))
            print('RTT: ' + str(rtt))
    if not received:
        print('Request timed out')

print()
if rtts:
    print('Minimum RTT: ' + str(min(rtts)))
    print('Maximum RTT: ' + str(max(rtts)))
    print('Average RTT: ' + str(sum(rtts) / len(rtts)))
print('Packet loss: ' + str((10 - len(rtts)) / 10 * 100) + '%')
clientSocket.close()
