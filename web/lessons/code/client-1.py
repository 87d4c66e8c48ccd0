from socket import socket, AF_INET, SOCK_DGRAM

client = socket(AF_INET, SOCK_DGRAM)
client.sendto(b"Ping 1", ("127.0.0.1", 12000))
reply, address = client.recvfrom(2048)
print(reply.decode())
