// Both ends of what courses' programs speak, in JavaScript.
//
//     node courses.mjs serve KIND
//     node courses.mjs ping KIND HOST PORT
//
// A server prints `PORT <n>` and runs until its standard input closes. A client pings five
// times, one after another, and exits 0 if every reply was its ping's.

import dgram from "node:dgram";
import { once } from "node:events";

const PINGS = 5;
const TIMEOUT_MS = 5000;

// From a request to its reply.
let count = 0;
const servers = {
  // The textbook's, where times are whole milliseconds.
  "whole-number": (request) => request.toUpperCase(),
  hash: (request) => (/^#\d+ time:\d+(\.\d+)?$/.test(request) ? request : "what?"),
  heartbeat: (request) => (/^\d+ \d+\.\d+$/.test(request) ? request : "what?"),
  // Its own count of requests, which says nothing of theirs.
  counter: () => `Pong ${++count}`,
  // A line, as one who reads lines wants it.
  line: (request) => `${request.trimEnd()}\n`,
};

const seconds = () => (Date.now() / 1000).toFixed(6);

// A ping, and what has to come back.
const clients = {
  "whole-number": (n) => [`Ping ${n} ${Date.now()}`, (ping, reply) => reply === ping.toUpperCase()],
  hash: (n) => [`#${n} time:${seconds()}`, (ping, reply) => reply === ping],
  heartbeat: (n) => [`${n} ${seconds()}`, (ping, reply) => reply === ping],
  "heartbeat-word": (n) => [`Heartbeat ${n} ${seconds()}`, (ping, reply) => reply === ping],
  "heartbeat-number": (n) => [`${n}`, (ping, reply) => reply === ping],
};

function serve(answer) {
  const socket = dgram.createSocket("udp4");
  socket.on("message", (request, client) => {
    socket.send(answer(request.toString("latin1")), client.port, client.address);
  });
  socket.bind(0, "127.0.0.1", () => console.log(`PORT ${socket.address().port}`));
  process.stdin.resume();
  process.stdin.on("end", () => process.exit(0));
}

async function ping(make, host, port) {
  const socket = dgram.createSocket("udp4");
  socket.connect(Number(port), host);
  await once(socket, "connect");
  for (let number = 1; number <= PINGS; number++) {
    const [request, isReply] = make(number);
    const arrived = once(socket, "message", { signal: AbortSignal.timeout(TIMEOUT_MS) });
    socket.send(request);
    const [reply] = await arrived;
    if (!isReply(request, reply.toString("latin1"))) {
      throw new Error(`${number} got ${reply}`);
    }
  }
  socket.close();
}

const [end, kind, ...address] = process.argv.slice(2);
if (end === "serve") serve(servers[kind]);
else await ping(clients[kind], ...address);
