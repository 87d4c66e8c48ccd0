"""The echo that a course would write, to compare with. Says "PORT n" first."""
import socket

server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
server.bind(("127.0.0.1", 0))
print("PORT", server.getsockname()[1], flush=True)
while True:
    message, address = server.recvfrom(2048)
    server.sendto(message, address)
