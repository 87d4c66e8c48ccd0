// A right client for the assignment with fixed fields of 40 bytes, for Node.
import dgram from 'node:dgram';

const [host, port] = [process.argv[2], Number(process.argv[3])];
const socket = dgram.createSocket('udp4');

function ping(number) {
  return new Promise((resolve) => {
    const start = performance.now();
    const seq = String(number).padStart(5, '0');
    const stamp = String(Math.floor(start) % 10000).padStart(4, '0');
    const done = (text) => {
      clearTimeout(timer);
      socket.removeAllListeners('message');
      console.log(`pacote ${number} ${text}`);
      resolve();
    };
    const timer = setTimeout(() => done('perdido'), 1000);
    socket.on('message', (data, from) => {
      if (from.port !== port || data.length !== 40 || data.toString('latin1', 0, 6) !== `${seq}1`) return;
      done(`rtt ${(performance.now() - start).toFixed(2)} ms`);
    });
    socket.send(`${seq}0${stamp}${'ping'.padEnd(30)}`, port, host);
  });
}

for (let number = 0; number < 5; number += 1) await ping(number);
socket.close();
