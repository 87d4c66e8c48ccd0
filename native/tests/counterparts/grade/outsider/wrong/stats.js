const dgram = require('dgram');
const host = process.argv[2], port = +process.argv[3];
const client = dgram.createSocket('udp4');
client.on('error', () => {});
let received = 0;
const times = [];

const ping = (i) => new Promise((done) => {
  const msg = `Ping ${i} ${new Date().toLocaleTimeString('en-US')}`;
  const t0 = performance.now();
  const onMsg = (data) => {
    if (data.toString().toLowerCase() !== msg.toLowerCase()) return;
    received++;
    times.push(performance.now() - t0);
    console.log(`${data}  RTT ${times.at(-1).toFixed(2)}ms`);
    end();
  };
  const timer = setTimeout(() => { console.log('Request timed out'); end(); }, 1000);
  const end = () => { clearTimeout(timer); client.off('message', onMsg); done(); };
  client.on('message', onMsg);
  client.send(msg, () => {});
});

client.connect(port, host, async () => {
  for (let i = 1; i <= 10; i++) await ping(i);
  client.close();
  console.log('---------------------------');
  console.log(`Packet loss rate: ${received / 10 * 100}%`);
  if (received) {
    console.log(`Min ${Math.min(...times).toFixed(2)}ms, Max ${Math.max(...times).toFixed(2)}ms, Avg ${(times.reduce((a, b) => a + b, 0) / received).toFixed(2)}ms`);
  }
});
