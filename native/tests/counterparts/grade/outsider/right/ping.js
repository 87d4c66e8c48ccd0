// node ping.js <host> <port>
const dgram = require('dgram');
const dns = require('dns');
const [host = '127.0.0.1', port = '12000'] = process.argv.slice(2);
const TOTAL = 10;
const sock = dgram.createSocket('udp4');
const rtts = [];
let seq = 0, current = null, timer, ip;

function next() {
  if (seq === TOTAL) return finish();
  seq++;
  const text = `Ping ${seq} ${Date.now()}`;
  current = { text: text.toUpperCase(), t: process.hrtime.bigint() };
  sock.send(text, Number(port), ip);
  timer = setTimeout(() => {
    console.log(`Ping ${seq}: Request timed out`);
    current = null;
    next();
  }, 1000);
}

sock.on('message', (buf, rinfo) => {
  const now = process.hrtime.bigint();
  if (!current || rinfo.address !== ip || rinfo.port !== Number(port)) return;
  if (buf.toString('latin1').toUpperCase() !== current.text) return;
  clearTimeout(timer);
  const ms = Number(now - current.t) / 1e6;
  current = null;
  rtts.push(ms);
  console.log(`Ping ${seq}: RTT = ${ms.toFixed(3)} ms`);
  next();
});

function finish() {
  sock.close();
  const lost = TOTAL - rtts.length;
  console.log('Packet loss: ' + (lost / TOTAL * 100).toFixed(0) + '%');
  if (rtts.length) {
    console.log('Min RTT: ' + Math.min(...rtts).toFixed(3) + ' ms');
    console.log('Max RTT: ' + Math.max(...rtts).toFixed(3) + ' ms');
    console.log('Avg RTT: ' + (rtts.reduce((a, b) => a + b) / rtts.length).toFixed(3) + ' ms');
  }
}

dns.lookup(host, 4, (err, a) => {
  if (err) throw err;
  ip = a;
  sock.bind(0, next);
});
