// A client in JavaScript: sends `Ping <number> <time>` ten times at once from one
// socket and tells the replies apart by their number, in whatever order they come.
//
//     node burst_client.mjs HOST PORT
//
// Prints the numbers as they are answered; exits 0 if all are within a second.

import dgram from "node:dgram";
import { isIPv6 } from "node:net";

const PINGS = 10;
const TIMEOUT_MS = 1000;

const [host, port] = process.argv.slice(2);
const socket = dgram.createSocket(isIPv6(host) ? "udp6" : "udp4");
const inFlight = new Map(); // number -> { request, sent }

function finish() {
  for (const number of inFlight.keys()) console.log(`${number} timed out`);
  console.log(`${PINGS} sent, ${PINGS - inFlight.size} answered`);
  process.exitCode = inFlight.size === 0 ? 0 : 1;
  clearTimeout(deadline);
  socket.close();
}

const deadline = setTimeout(finish, TIMEOUT_MS);

socket.on("error", (error) => {
  console.log(error.message);
  finish();
});

socket.on("message", (reply) => {
  const text = reply.toString("latin1");
  const number = Number(/\d+/.exec(text)?.[0]);
  const ping = inFlight.get(number);
  if (ping === undefined || !text.toLowerCase().includes(ping.request.toLowerCase())) {
    console.log(`ignored ${text}`);
    return;
  }
  console.log(`${number} ${(performance.now() - ping.sent).toFixed(3)} ms`);
  inFlight.delete(number);
  if (inFlight.size === 0) finish();
});

socket.connect(Number(port), host, () => {
  for (let number = 1; number <= PINGS; number++) {
    const request = `Ping ${number} ${Date.now()}`;
    inFlight.set(number, { request, sent: performance.now() });
    socket.send(request);
  }
});
