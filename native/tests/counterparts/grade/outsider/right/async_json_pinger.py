import asyncio, json, sys, time

class Pinger(asyncio.DatagramProtocol):
    def __init__(self):
        self.waiting = {}

    def connection_made(self, transport):
        self.transport = transport

    def error_received(self, exc):
        pass        # ICMP refused: will just time out

    def datagram_received(self, data, addr):
        now = time.perf_counter()
        try:
            obj = json.loads(data.decode().lower())
            fut = self.waiting.get(obj["seq"])
        except (ValueError, KeyError, TypeError):
            return
        if fut and not fut.done():
            fut.set_result(now)

    async def ping(self, seq):
        fut = asyncio.get_running_loop().create_future()
        self.waiting[seq] = fut
        start = time.perf_counter()
        self.transport.sendto(json.dumps({"type": "Ping", "seq": seq, "time": time.time()}).encode())
        try:
            return await asyncio.wait_for(fut, 1.0) - start
        except asyncio.TimeoutError:
            return None
        finally:
            del self.waiting[seq]

async def main(host, port):
    loop = asyncio.get_running_loop()
    tr, p = await loop.create_datagram_endpoint(Pinger, remote_addr=(host, port))
    print(f"🏓 pinging {host}:{port} (JSON edition)")
    ok = []
    for seq in range(1, 11):
        tick = asyncio.create_task(asyncio.sleep(1))
        rtt = await p.ping(seq)
        if rtt is None:
            print(f"❌ #{seq:02d}  timed out")
        else:
            ok.append(rtt)
            print(f"✅ #{seq:02d}  {rtt * 1000:8.3f} ms")
        await tick
    tr.close()
    lost = 10 - len(ok)
    print(f"📊 sent 10 | got {len(ok)} | lost {lost} ({lost * 10} %)")
    if ok:
        print(f"⏱  min {min(ok)*1000:.3f}  avg {sum(ok)/len(ok)*1000:.3f}  max {max(ok)*1000:.3f} (ms)")

asyncio.run(main(sys.argv[1] if len(sys.argv) > 1 else "127.0.0.1",
                 int(sys.argv[2]) if len(sys.argv) > 2 else 12000))
