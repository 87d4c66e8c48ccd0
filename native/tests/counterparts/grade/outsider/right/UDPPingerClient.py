# UDPPingerClient.py
# Assignment 2 - Computer Networking: A Top-Down Approach
# usage: python3 UDPPingerClient.py host port
import sys
import time
from socket import *

serverName = sys.argv[1]
serverPort = int(sys.argv[2])

clientSocket = socket(AF_INET, SOCK_DGRAM)
serverAddr = (gethostbyname(serverName), serverPort)

for seq in range(1, 11):
    sendTime = time.time()
    message = 'Ping ' + str(seq) + ' ' + str(sendTime)
    clientSocket.sendto(message.encode(), serverAddr)
    deadline = sendTime + 1
    while True:
        left = deadline - time.time()
        if left <= 0:
            print('Request timed out')
            break
        clientSocket.settimeout(left)
        try:
            reply, addr = clientSocket.recvfrom(1024)
        except timeout:
            print('Request timed out')
            break
        now = time.time()
        if addr != serverAddr or reply.upper() != message.upper().encode():
            continue    # old or foreign packet
        print(reply.decode())
        print('RTT:', now - sendTime)
        break

clientSocket.close()
