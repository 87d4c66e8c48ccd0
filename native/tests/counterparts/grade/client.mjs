// A right client for the assignment, for Node: all pings at once, each with its own time.
import dgram from 'node:dgram';

const [host, port] = [process.argv[2], Number(process.argv[3])];
const socket = dgram.createSocket('udp4');
const sent = new Map();
let left = 10;
let received = 0;

function done(number, text) {
  console.log(text);
  clearTimeout(sent.get(number).timer);
  sent.delete(number);
  left -= 1;
  if (left === 0) {
    console.log(`Perda de pacotes: ${((10 - received) / 10 * 100).toFixed(1)}%`);
    socket.close();
  }
}

socket.on('message', (data, from) => {
  const words = data.toString().replaceAll('\0', '').trim().split(/\s+/);
  const number = Number(words[1]);
  const ping = sent.get(number);
  if (from.port !== port || words[0].toLowerCase() !== 'ping' || !ping) return;
  received += 1;
  const rtt = performance.now() - ping.start;
  done(number, `Pong ${number} recebido, tempo = ${rtt.toFixed(2).replace('.', ',')} ms`);
});

for (let number = 1; number <= 10; number += 1) {
  const start = performance.now();
  socket.send(`Ping ${number} ${Date.now()}`, port, host);
  const timer = setTimeout(() => done(number, `Pacote ${number} perdido: tempo esgotado`), 1000);
  sent.set(number, { start, timer });
}
