#!/usr/bin/env node
// UDP pinger: one ping after the other.
import { createSocket } from 'dgram';
import { lookup } from 'dns/promises';

const [, , host, port] = process.argv;
const { address } = await lookup(host, 4);
const socket = createSocket('udp4');
socket.on('error', () => {});
const times = [];

function ping(n) {
  return new Promise((resolve) => {
    const start = process.hrtime.bigint();
    const timer = setTimeout(() => end(null), 1000);
    const hear = (data, from) => {
      const words = data.toString('latin1').replace(/\0+$/, '').trim().split(/\s+/);
      if (from.port !== Number(port) || !/^ping$/i.test(words[0]) || words[1] !== String(n)) return;
      end(Number(process.hrtime.bigint() - start) / 1e6);
    };
    function end(rtt) {
      clearTimeout(timer);
      socket.off('message', hear);
      resolve(rtt);
    }
    socket.on('message', hear);
    socket.send(`Ping ${n} ${new Date().toISOString()}`, Number(port), address);
  });
}

for (let n = 1; n <= 10; n++) {
  const rtt = await ping(n);
  if (rtt === null) console.log(`Ping ${n}: Request timed out`);
  else {
    times.push(rtt);
    console.log(`Ping ${n}: RTT ${rtt.toFixed(3)} ms`);
  }
}
socket.close();
console.log(`Loss rate: ${((10 - times.length) / 10) * 100}%`);
if (times.length) {
  const mean = times.reduce((a, b) => a + b) / times.length;
  console.log(`Min RTT: ${Math.min(...times).toFixed(3)} ms`);
  console.log(`Avg RTT: ${mean.toFixed(3)} ms`);
  console.log(`Max RTT: ${Math.max(...times).toFixed(3)} ms`);
}
