// Cliente UDP Pinger em Node.js — uso: node cliente.js host porta
const dgram = require('node:dgram');
const host = process.argv[2] || 'localhost';
const porta = Number(process.argv[3] || 12000);
const cliente = dgram.createSocket('udp4');
let n = 0, inicio, timeout, esperando = false;
const rtts = [];

cliente.on('message', (msg) => {
  const [cmd, num] = msg.toString().split(' ');
  if (!esperando || cmd.toUpperCase() !== 'PING' || Number(num) !== n) return;
  clearTimeout(timeout);
  esperando = false;
  const rtt = performance.now() - inicio;
  rtts.push(rtt);
  console.log(`Ping ${n}: resposta em ${rtt.toFixed(3).replace('.', ',')} ms`);
  proximo();
});

function proximo() {
  if (n === 10) {
    cliente.close();
    console.log(`\nPacotes perdidos: ${10 - rtts.length} (${(10 - rtts.length) * 10}%)`);
    return;
  }
  n++;
  inicio = performance.now();
  esperando = true;
  cliente.send(`Ping ${n} ${Date.now()}`, porta, host);
  timeout = setTimeout(() => {
    esperando = false;
    console.log(`Ping ${n}: tempo esgotado`);
    proximo();
  }, 1000);
}
proximo();
