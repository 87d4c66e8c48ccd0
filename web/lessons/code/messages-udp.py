from socket import socket, AF_INET, SOCK_DGRAM

server = socket(AF_INET, SOCK_DGRAM)
server.bind(("127.0.0.1", 12000))
client = socket(AF_INET, SOCK_DGRAM)
for message in b"Ping 1 0.000", b"Ping 2 0.100":
    client.sendto(message, server.getsockname())
for call in range(2):
    data, address = server.recvfrom(8)
    print(data)
