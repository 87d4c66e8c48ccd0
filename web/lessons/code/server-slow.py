import time
from socket import socket, AF_INET, SOCK_DGRAM

server = socket(AF_INET, SOCK_DGRAM)
server.bind(("", 12000))
while True:
    data, address = server.recvfrom(2048)
    time.sleep(0.3)
    server.sendto(data.upper(), address)
