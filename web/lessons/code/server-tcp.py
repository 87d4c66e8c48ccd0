from socket import socket, AF_INET, SOCK_STREAM

server = socket(AF_INET, SOCK_STREAM)
server.bind(("", 12000))
server.listen()
while True:
    connection, address = server.accept()
    data = connection.recv(2048)
    connection.sendall(data.upper())
    connection.close()
