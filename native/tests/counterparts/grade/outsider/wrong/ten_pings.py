from socket import *
import time
import sys

def main():
    server_name = sys.argv[1]
    server_port = int(sys.argv[2])
    addr = (gethostbyname(server_name), server_port)
    sock = socket(AF_INET, SOCK_DGRAM)
    received = 0
    # send 10 pings
    for sequence_number in range(1, 10):
        message = f'Ping {sequence_number} {time.strftime("%Y-%m-%d %H:%M:%S")}'
        start = time.monotonic()
        sock.sendto(message.encode(), addr)
        while True:
            remaining = start + 1 - time.monotonic()
            if remaining <= 0:
                print(f'{message}: Request timed out')
                break
            sock.settimeout(remaining)
            try:
                response, peer = sock.recvfrom(1024)
            except timeout:
                continue
            elapsed = time.monotonic() - start
            if peer == addr and response.lower() == message.lower().encode():
                received += 1
                print(f'{response.decode()}: {elapsed * 1000:.2f} ms')
                break
    print(f'{received} replies received')

main()
