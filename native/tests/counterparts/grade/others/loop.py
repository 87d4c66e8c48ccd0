import asyncio
import sys
import time


class Pinger(asyncio.DatagramProtocol):
    def __init__(self):
        self.waiting = {}

    def connection_made(self, transport):
        self.transport = transport

    def datagram_received(self, data, address):
        words = data.decode(errors="ignore").strip("\0 \r\n").split()
        if len(words) >= 2 and words[0].lower() == "ping" and words[1].isdigit():
            future = self.waiting.get(int(words[1]))
            if future and not future.done():
                future.set_result(time.perf_counter_ns())

    def error_received(self, error):
        pass


async def main(host, port):
    loop = asyncio.get_running_loop()
    _, pinger = await loop.create_datagram_endpoint(Pinger, remote_addr=(host, port))
    results = []
    for number in range(1, 11):
        pinger.waiting = {number: loop.create_future()}
        start = time.perf_counter_ns()
        pinger.transport.sendto(f"ping {number} {time.ctime()}".encode())
        try:
            end = await asyncio.wait_for(pinger.waiting[number], 1)
            results.append((end - start) / 1e6)
            print(f"[{number}] {results[-1]:.3f} milliseconds")
        except asyncio.TimeoutError:
            print(f"[{number}] no reply")
    print(f"{len(results)} of 10 answered, packet loss {10 * (10 - len(results))}%")
    if results:
        print(f"min = {min(results):.3f} ms, avg = {sum(results) / len(results):.3f} ms, max = {max(results):.3f} ms")


asyncio.run(main(sys.argv[1], int(sys.argv[2])))
