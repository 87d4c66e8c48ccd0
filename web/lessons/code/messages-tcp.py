from socket import create_connection, create_server

server = create_server(("127.0.0.1", 12000))
client = create_connection(server.getsockname())
connection, address = server.accept()
for message in b"Ping 1 0.000", b"Ping 2 0.100":
    client.sendall(message)
for call in range(3):
    data = connection.recv(8)
    print(data)
