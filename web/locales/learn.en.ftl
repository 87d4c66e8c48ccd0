# The Learn room's lessons. `code`, [words](term) of the glossary, RFC numbers: web/engine/src/lesson/prose.rs.

## 1. The first ping

learn-first-ping = The first ping
learn-first-ping-aim = You can say what a round-trip time is, which clock measures it, and when the next ping goes out.
learn-first-ping-1 = A client puts a short text, `Ping 1 <time>`, into one [datagram](datagram), notes the time and sends it. No [connection](connection) was set up first: UDP has none. Time runs downwards.
learn-first-ping-1-after = The [probe](probe) is under way: { $request-delay } there, { $reply-delay } back. Nobody tells the client either number.
learn-first-ping-2 = The server sends back whatever arrives. The textbook’s upper-cases it first (Kurose & Ross §2.7), others answer `pong`: so compare the number in a reply, never all its bytes.
learn-first-ping-2-ask = Which [round-trip time](rtt) will the client print?
learn-first-ping-2-a = { $request-delay }
learn-first-ping-2-a-why = That is the way there. The client cannot see when its probe arrived.
learn-first-ping-2-b = { $half-guess }
learn-first-ping-2-b-why = Half the round trip is a guess at one way, and here wrong for both.
learn-first-ping-2-c = { $rtt }
learn-first-ping-2-c-why = Both ways, which the client sees as one wait.
learn-first-ping-2-after = The RTT is receive time minus send time, both from the client’s own clock: read just before `sendto`, and just after `recvfrom` has returned (RFC 2681 §2.4). It contains the way there, the server’s time and the way back; the server’s clock has no part in it.
learn-first-ping-3 = This client sends one ping after the other, as the assignment asks: [stop-and-wait](stop-and-wait).
learn-first-ping-3-ask = When does the next ping go out?
learn-first-ping-3-a = One second after the first
learn-first-ping-3-a-why = So the system’s own `ping` paces itself. The assignment’s second is the longest that the client waits for a reply.
learn-first-ping-3-b = When the reply has arrived
learn-first-ping-3-b-why = The reply ends the wait.
learn-first-ping-3-c = Together with the first
learn-first-ping-3-c-why = Several would be [in flight](in-flight) at once: `udping -f` does that. It is not stop-and-wait.
learn-first-ping-3-after = One probe in flight at a time. Only without a reply does the client wait out its [timeout](timeout).
learn-first-ping-4 = A message here has { $message } bytes. UDP puts its header before it, and IP its own { $ip-header } bytes before that (RFC 791 §3.1).
learn-first-ping-4-ask = How many bytes is UDP’s header?
learn-first-ping-4-a = None: UDP adds nothing
learn-first-ping-4-a-why = Without [port](port) numbers the datagram would reach the machine, but no program.
learn-first-ping-4-b = { $tcp-header } bytes
learn-first-ping-4-b-why = That is TCP’s, at the least: with sequence numbers, flags and a window (RFC 9293 §3.1).
learn-first-ping-4-c = { $udp-header } bytes
learn-first-ping-4-c-why = Two ports, length and checksum, two bytes each (RFC 768).
learn-first-ping-4-after = { $ip-header } + { $udp-header } + { $message } = { $packet } bytes a packet. Three exchanges are { $packets } packets, { $bytes } bytes, and three round trips: { $finished }.
learn-first-ping-task = Make every RTT exactly { $goal-1 }, with the longer part on the way there.
learn-first-ping-task-hint = The RTT is the sum of the two delays.
learn-first-ping-task-done = Any other split of { $goal-1 } would print the same. An RTT does not say which way took longer: lesson { $lesson-delay }.
learn-first-ping-goal-rtt = Every RTT is { $goal-1 }
learn-first-ping-goal-there = The way there takes { $goal-2 } or more
learn-first-ping-real = { $replies } replies, each a little more than { $rtt } after its ping: both delays, and your machine’s own overhead.

## 2. A server that receives UDP

learn-udp-server = A server that receives UDP
learn-udp-server-aim = You can write a UDP server, say why one socket is enough for all its clients, and what a TCP server needs beside it.
learn-udp-server-1 =
    A UDP server in Python is four lines: `s = socket(AF_INET, SOCK_DGRAM)`, `s.bind(('', 12000))`, and in an endless loop `data, address = s.recvfrom(2048)` and `s.sendto(data, address)`.

    On the left it serves three clients, which start { $apart } apart. On the right the same three use TCP.
learn-udp-server-1-after = `bind` has given the [socket](socket) a [port](port) that clients know. `recvfrom` has just returned A’s datagram, with the address that it came from. Nobody called `listen` or `accept`.
learn-udp-server-2 = B’s and C’s datagrams arrive as well. The UDP server answers all three through its one socket.
learn-udp-server-2-ask = How does it know where each reply has to go?
learn-udp-server-2-a = The connection leads back to its client
learn-udp-server-2-a-why = That is TCP’s answer. UDP has no connection.
learn-udp-server-2-b = `recvfrom` returned its sender’s address
learn-udp-server-2-b-why = Address and port of the sender stand in the headers of every datagram (RFC 768).
learn-udp-server-2-c = The client writes its address into the message
learn-udp-server-2-c-why = The headers carry it. Behind a router that translates addresses (NAT) one in the text would even be wrong.
learn-udp-server-2-after = One `sendto` for each request, to the address that came with it. Mix two up, and A gets B’s reply: UDP does not object.
learn-udp-server-3 = On the right the third handshake has just finished.
learn-udp-server-3-ask = How many sockets does the UDP server have, and how many the TCP server?
learn-udp-server-3-a = { $udp } and { $tcp }
learn-udp-server-3-a-why = All datagrams for the port wait in one queue, whoever sent them: UDP finds the socket by the destination’s address and port alone (Kurose & Ross §3.2).
learn-udp-server-3-b = { $clients } and { $clients }
learn-udp-server-3-b-why = A UDP socket is bound to a port, not to a client. And the TCP server has one more, which listens.
learn-udp-server-3-c = { $tcp } and { $tcp }
learn-udp-server-3-c-why = That is the TCP server’s count. UDP has neither connections nor a socket that only listens.
learn-udp-server-3-after = TCP has one socket that listens, and one for each [connection](connection) whose handshake is finished, which `accept` hands out (Kurose & Ross §2.7). Until the ACK comes a connection is half open, in a queue of the kernel (RFC 9293 §3.5). All share the server’s port; TCP tells them apart by the address and port of both ends.
learn-udp-server-4 = The clients have what they wanted. On the right each closes its connection; on the left the programs simply end.
learn-udp-server-4-ask = What does the UDP server notice of that?
learn-udp-server-4-a = `recvfrom` returns an empty datagram
learn-udp-server-4-a-why = So TCP reports the end: `recv` returns no bytes. An empty datagram is one that somebody sent.
learn-udp-server-4-b = `recvfrom` fails with an error
learn-udp-server-4-b-why = Nothing arrives, so nothing returns. Only if the server sends to a client that is gone may an [ICMP](icmp) message come back (RFC 1122 §4.1.3.1).
learn-udp-server-4-c = Nothing at all
learn-udp-server-4-c-why = Nobody connected, so nobody can leave.
learn-udp-server-4-after = A silent client and one that is gone look the same. To know who is still there, a UDP server needs signs of life: lesson { $lesson-heartbeat }.
learn-udp-server-task = How many clients at once make the TCP server need { $goal-2 } sockets?
learn-udp-server-task-hint = One socket listens. Every connection has its own.
learn-udp-server-task-done = One for each connection, and the one that listens. UDP answered all of them through one.
learn-udp-server-goal-udp = The UDP server never has more than one socket
learn-udp-server-goal-tcp = The TCP server has { $goal-2 } sockets at the most
learn-udp-server-real = With `-v` the server prints a line for every request, with the address and port it came from. A run of the second command lasts { $lasts }: start it in several terminals meanwhile. Each has a port of its own, which the system picked when it first sent.

## 3. A request over UDP, and over TCP

learn-udp-and-tcp = A request over UDP, and over TCP
learn-udp-and-tcp-aim = You can add up packets, bytes and round trips of a request over UDP, over a new TCP connection and over a persistent one, and say what a loss does to each.
learn-udp-and-tcp-1 = The same request and answer, three times over. On the left over UDP; in the middle over TCP with a new connection each time; on the right over one persistent TCP connection. Every packet takes 50 ms. Before it can send a request, a TCP client opens a connection with a [handshake](handshake): SYN there, SYN-ACK back, and then its ACK (RFC 9293 §3.5).
learn-udp-and-tcp-1-ask = The UDP client has its first answer after 100 ms. When does the one in the middle get its first answer?
learn-udp-and-tcp-1-a = Also after 100 ms
learn-udp-and-tcp-1-a-why = Then its request would have to leave with the very first packet. The handshake goes before it.
learn-udp-and-tcp-1-b = After 200 ms
learn-udp-and-tcp-1-b-why = One round trip for the handshake, and one for the request.
learn-udp-and-tcp-1-c = After 300 ms
learn-udp-and-tcp-1-c-why = The handshake’s third packet, the ACK, does not cost a trip of its own: the request leaves right behind it.
learn-udp-and-tcp-1-after = A new connection costs two round trips where UDP costs one.
learn-udp-and-tcp-2 = The connection on the right stays open. Its client sends a second request.
learn-udp-and-tcp-2-ask = How long does the client on the right wait for its second answer?
learn-udp-and-tcp-2-a = 100 ms
learn-udp-and-tcp-2-a-why = The handshake is paid for once. After that a request costs one round trip, as over UDP.
learn-udp-and-tcp-2-b = 200 ms
learn-udp-and-tcp-2-b-why = That is what the client in the middle pays, every time.
learn-udp-and-tcp-2-c = 150 ms
learn-udp-and-tcp-2-c-why = The answer is acknowledged, but nothing waits for that: the ACK travels while the next request is already under way.
learn-udp-and-tcp-2-after = That is why HTTP over TCP keeps its connections open, and why DNS, one short question at a time, mostly uses UDP. HTTP/3 goes over UDP, too: QUIC does the work of TCP there, in the program (RFC 9000).
learn-udp-and-tcp-3 = Three exchanges each, to the end. Over UDP an exchange is two packets. Over a new connection a handshake goes before it, the answer is acknowledged, and the connection is closed.
learn-udp-and-tcp-3-ask = How many packets is one exchange over a new connection, here?
learn-udp-and-tcp-3-a = 2
learn-udp-and-tcp-3-a-why = That is what the programs see of it: one request, one answer. The rest is TCP’s own work.
learn-udp-and-tcp-3-b = 4
learn-udp-and-tcp-3-b-why = The handshake alone is three, and request and answer come after it.
learn-udp-and-tcp-3-c = 6
learn-udp-and-tcp-3-c-why = That is handshake, request, answer and its ACK. The connection is still to be closed.
learn-udp-and-tcp-3-d = 9
learn-udp-and-tcp-3-d-why = SYN, SYN-ACK, ACK; request, answer, ACK; FIN, FIN-ACK, ACK.
learn-udp-and-tcp-3-after =
    UDP: 6 packets, 360 bytes, 3 round trips. New connections: 27 packets, 1272 bytes, 6 round trips. A persistent one: 15 packets, 792 bytes, 4 round trips. A TCP header has at least 20 bytes (RFC 9293 §3.1), UDP’s has 8 (RFC 768).

    The model leaves options out, and closes with three packets; Linux often takes four (RFC 9293 §3.6). On the other hand it acknowledges every answer with a packet of its own, where a real client lets its next request do that.
learn-udp-and-tcp-4 = From the start again, and now request 2 is [lost](loss): over UDP on the left, and over the persistent connection on the right. Neither client is told.
learn-udp-and-tcp-4-ask = What do the two programs see?
learn-udp-and-tcp-4-a = Both see a loss
learn-udp-and-tcp-4-a-why = TCP reports none. It has promised its program that every byte arrives, and tries again by itself (Kurose & Ross §3.5).
learn-udp-and-tcp-4-b = TCP retransmits at once, so its program sees nothing
learn-udp-and-tcp-4-b-why = Nothing tells it. Had more segments followed, three duplicate ACKs would have (fast retransmit, RFC 5681 §3.2); a lone one has to wait for the [retransmission](retransmission) timer.
learn-udp-and-tcp-4-c = UDP: silence until the timeout. TCP: the answer, about a second late
learn-udp-and-tcp-4-c-why = Over UDP a loss is silence. Over TCP it is delay.
learn-udp-and-tcp-4-after = On the left ping 2 has timed out after one second, and what to do about it is up to the program. On the right the [retransmission timeout](rto) ran out after one second, the minimum of RFC 6298 §2.4 (Linux adds at least 200 ms to the RTT instead: here about 300), and the [retransmission](retransmission) was answered. The program had its answer after 1.1 s and never learns why.
learn-udp-and-tcp-task = Drop packets so that one answer over TCP takes 3 s or more, and yet all three arrive.
learn-udp-and-tcp-task-hint = After each timeout TCP waits twice as long (RFC 6298 §5.5): 1 s, then 2 s. Drop the request, and drop it again when it is retransmitted.
learn-udp-and-tcp-task-done = 1 s, then 2 s, then the round trip. All that the program sees is an answer that took long.
learn-udp-and-tcp-goal-slow = One answer over TCP takes 3 s or more
learn-udp-and-tcp-goal-all = All three answers over TCP arrive
learn-udp-and-tcp-real =
    Over UDP two of the ten requests are lost, each of them a second of silence. Over TCP all twenty are answered, two of them 200 ms later: `serve` cannot lose a segment of your system’s TCP, so it holds the answer back for as long as Linux would wait. The delay is `serve`’s own as well, so your system’s handshake costs next to nothing: a new connection looks as quick as UDP here, and is not.

    On Linux the last command does it without imitation: client and server have a path of their own, where every packet takes its time and your system’s TCP loses its segments. The second packet that sets out is the SYN of the first new connection. It is lost, and is retransmitted after one second (RFC 6298 §2.1), so this answer takes 1.2 s. In most containers `udping path` is not permitted, and says so.

## 4. How the delay is computed

learn-delay = How the delay is computed
learn-delay-aim = You can name the four times of an exchange, say which figures use one clock and which use two, and why half the RTT is a guess.
learn-delay-1 = Here the way there takes 30 ms, the server takes 20 ms, and the way back takes 50 ms. Four moments matter: T1, the client sends; T2, the server receives; T3, the server sends; T4, the client receives. T1 and T4 are read from the client’s clock, T2 and T3 from the server’s. STAMP’s replies carry T2 and T3 (RFC 8762 §4); the assignment’s text does not.
learn-delay-1-after =
    T4 − T1 = 100 ms is the [RTT](rtt) (RFC 2681 §2.4). T3 − T2 = 20 ms is the [server’s time](server-time). What is left, δ = (T4 − T1) − (T3 − T2) = 80 ms, is time spent in the network (RFC 5905 §8). Each difference uses one clock only.

    θ, the estimate of how far the server’s clock is ahead, already misses: it shows −10 ms for clocks that agree, since it takes both ways for equally long. More of that in a moment.
learn-delay-2 = The same exchange again, but now the server’s clock is 500 ms ahead. Neither side knows it.
learn-delay-2-ask = Which figure does that change?
learn-delay-2-a = The RTT, T4 − T1
learn-delay-2-a-why = Both its times are read from the client’s clock. What the server’s clock shows does not matter.
learn-delay-2-b = T2 − T1, the way there
learn-delay-2-b-why = It takes one time from each clock, so the difference between the clocks is in it.
learn-delay-2-c = The server’s time, T3 − T2
learn-delay-2-c-why = Both its times are 500 ms ahead, which cancels out.
learn-delay-2-after = T2 − T1 says 530 ms. T4 − T3 says −450 ms: a reply that arrives before it was sent. RTT, server’s time and δ are unchanged. The estimate of the [clock offset](clock-offset), θ = ((T2 − T1) + (T3 − T4)) ÷ 2, says 490 ms: never off by more than δ ÷ 2 = 40 ms, and here by 10.
learn-delay-3 = The clocks agree again. The client knows that the network took δ = 80 ms for both ways together.
learn-delay-3-ask = Did the way there take 40 ms?
learn-delay-3-a = Yes, half of it
learn-delay-3-a-why = Only if both ways take equally long. But routes differ, queues differ (Kurose & Ross §1.4), and many homes send far more slowly than they receive.
learn-delay-3-b = Yes, if the client’s clock is precise enough
learn-delay-3-b-why = Precision does not help. T1 and T4 give the sum of both ways, however many digits they have.
learn-delay-3-c = From the round trip alone nobody can tell
learn-delay-3-c-why = It takes a clock at the server that is synchronised with the client’s (RFC 7679).
learn-delay-3-after = It was 30 ms there and 50 ms back: half is wrong by 10 ms, too much one way and too little the other. A [one-way delay](one-way-delay) is only as good as the synchronisation of two clocks.
learn-delay-4 = While ping 2 is in flight, the computer’s wall clock is set back by 200 ms, by NTP or by hand.
learn-delay-4-ask = What does a client that reads both times with `time.time()` print?
learn-delay-4-a = −100 ms
learn-delay-4-a-why = 100 ms passed, and the clock went back by 200.
learn-delay-4-b = 100 ms
learn-delay-4-b-why = `time.time()` is the wall clock, and that was moved. Nothing corrects for the change.
learn-delay-4-c = 300 ms
learn-delay-4-c-why = The clock went back, so the second reading is the smaller one, not the larger.
learn-delay-4-after = The client shown here says 100 ms, because it uses a [monotonic clock](monotonic-clock), one that only goes forward: in Python `time.perf_counter()`, or `time.monotonic()`, which is the same clock on Linux but was coarse on Windows for long (16 ms); `System.nanoTime()` in Java, `Instant` in Rust. Both its readings are seconds: times 1000 they are milliseconds. The wall clock is for telling people the date.
learn-delay-task = Leave the RTT at 100 ms, and make two things happen: T2 − T1 is negative, and half of δ misses the way there by 20 ms or more.
learn-delay-task-hint = A server’s clock that is behind makes T2 small. Keep the sum of the two delays at 80 ms.
learn-delay-task-done = A packet seems to arrive before it was sent, half the round trip is far from the truth, and the RTT is still exactly right: it needs one clock and no guess.
learn-delay-goal-negative = T2 − T1 is negative
learn-delay-goal-rtt = The RTT is 100 ms
learn-delay-goal-half = δ ÷ 2 misses the way there by 20 ms or more
learn-delay-real = STAMP’s replies carry T2 and T3, so the summary tells one way from the other: 30 ms there, 50 ms back. Here both ends read one clock, and yet the estimate calls the server’s about 10 ms behind, give or take 40 ms: it takes both ways for equally long.

## 5. The timeout

learn-timeout = The timeout
learn-timeout-aim = You can say why a lost request, a lost reply, a late reply and a dead server look alike to the client, and how one fixed deadline ends every wait.
learn-timeout-1 = Five pings, with one second for each reply (Kurose & Ross §2.7). Ping 1 goes well. Ping 2 is lost on its way to the server.
learn-timeout-1-ask = When does the client find out?
learn-timeout-1-a = When the network reports it
learn-timeout-1-a-why = A router that drops a packet because its queue is full tells nobody.
learn-timeout-1-b = Never. It decides so, at its own deadline
learn-timeout-1-b-why = After one second it stops waiting and counts ping 2 as lost. That is a decision, not an observation.
learn-timeout-1-c = When reply 3 comes without reply 2
learn-timeout-1-c-why = One at a time, ping 3 is not even sent before ping 2 is settled. And a reply that is missing may only be [late](late).
learn-timeout-1-after = Ping 2 went out at 0.1 s, so its [deadline](deadline) was 1.1 s. Only now does ping 3 go out.
learn-timeout-2 = Ping 3 does reach the server. Its reply is lost.
learn-timeout-2-ask = How can the client tell this from what happened to ping 2?
learn-timeout-2-a = Not at all
learn-timeout-2-a-why = It receives nothing either time. Only we, who see both sides, know the difference.
learn-timeout-2-b = By the sequence number
learn-timeout-2-b-why = The [number](sequence-number) says which ping a reply answers. Here there is no reply to read it from.
learn-timeout-2-c = By waiting longer
learn-timeout-2-c-why = A longer silence is still silence.
learn-timeout-2-after = That is why what a ping measures is called round-trip [loss](loss) (RFC 6673): it does not say in which direction.
learn-timeout-3 = Reply 4 is held up on its way and takes 1.3 s in all. Ping 4 was given up at 3.1 s; its reply arrives at 3.4 s.
learn-timeout-3-ask = What is ping 4 then?
learn-timeout-3-a = Answered after all
learn-timeout-3-a-why = Then the loss would depend on how long one goes on listening. The deadline was one second, and it has passed.
learn-timeout-3-b = Nothing. The reply counts for ping 5, which is in flight
learn-timeout-3-b-why = That is the classic bug of clients for this assignment: lesson 6. The reply says which ping it answers.
learn-timeout-3-c = Lost, and late
learn-timeout-3-c-why = Lost for this measurement, and known to be [late](late), with its true RTT of 1.3 s.
learn-timeout-3-after = A ping without a reply within the chosen timeout has no RTT (RFC 2681 §2.4). But late replies are worth counting by themselves: many of them mean a slow network and a short timeout, not a lossy network.
learn-timeout-4 = Ping 5 reached a server that has been switched off in the meantime. The late reply 4 came while the client was waiting for reply 5.
learn-timeout-4-ask = Ping 5 went out at 3.1 s. Until when does the client wait for it?
learn-timeout-4-a = Until 4.1 s
learn-timeout-4-a-why = One deadline, fixed when ping 5 was sent.
learn-timeout-4-b = Until 4.4 s, one second after the last packet
learn-timeout-4-b-why = That happens to clients that give every `recvfrom` a full second: each packet that arrives buys the ping another one.
learn-timeout-4-c = It stopped waiting when reply 4 came
learn-timeout-4-c-why = A packet came, but it does not answer ping 5. The client waits for the rest of its time.
learn-timeout-4-after = Four pings without a reply in time, for four different reasons, and for the client all four are one: timed out. There is one exception. If the machine is up and no program has the port, it should answer with [ICMP](icmp) “port unreachable” (RFC 1122 §4.1.3.1). On Linux only a socket that called `connect` is told, as `ConnectionRefusedError`; on Windows any socket is, as `ConnectionResetError` from `recvfrom`, which ends many a student’s program: catch it.
learn-timeout-task = Left alone, all four of these pings would be answered. Act on packets so that one request is lost, one reply is lost, one reply is late, and one ping is answered in time.
learn-timeout-task-hint = Step to a moment at which the packet is in flight, then choose what happens to it. A reply that is delayed by 1.2 s comes too late.
learn-timeout-task-done = Three pings have timed out, and the client’s figures cannot tell the first two apart.
learn-timeout-goal-request = One request is lost
learn-timeout-goal-reply = One reply is lost
learn-timeout-goal-late = One reply is late
learn-timeout-goal-replied = One ping is answered in time
learn-timeout-real = Ten pings: seven are answered, one request and one reply are lost, and one reply is late. The client learns about the late one. Of the other two it can only say that they timed out; the server’s last lines, after Ctrl-C, tell which way each was lost.

## 6. The late reply

learn-late-reply = The late reply that was taken for the next one
learn-late-reply-aim = You can recognise the classic bug of clients for this assignment, and fix it.
learn-late-reply-1 = Two clients in the same network, where a round trip takes 100 ms. On the left, ours. On the right, one that treats whatever arrives as the answer to the current ping and never looks at the number. Reply 1 is held up. Both clients give up on ping 1 after one second (Kurose & Ross §2.7) and send ping 2; 50 ms later reply 1 arrives.
learn-late-reply-1-ask = What does the client on the right print now?
learn-late-reply-1-a = Ping 2 answered, RTT 50 ms
learn-late-reply-1-a-why = A round trip that never happened, and could not have. The network needs 100 ms.
learn-late-reply-1-b = Ping 1 answered late, RTT 1050 ms
learn-late-reply-1-b-why = To do that it would have to read the number in the reply. The client on the left does.
learn-late-reply-1-c = Nothing yet: it goes on waiting for reply 2
learn-late-reply-1-c-why = It would have to notice that this is not reply 2.
learn-late-reply-1-after = On the left reply 1 is [late](late), with its true RTT of 1.05 s, and ping 2 still waits. On the right ping 2 is “answered” after 50 ms.
learn-late-reply-2 = Nothing else goes wrong in the network from here on.
learn-late-reply-2-ask = What does the client on the right print for pings 3, 4 and 5?
learn-late-reply-2-a = The right RTTs again
learn-late-reply-2-a-why = What would put it right? One reply too many waits in the socket, and stays there.
learn-late-reply-2-b = Three timeouts
learn-late-reply-2-b-why = Something does arrive every time: the reply to the ping before.
learn-late-reply-2-c = 50 ms each: every ping gets the reply to the one before
learn-late-reply-2-c-why = One late packet, and from then on everything is off by one.
learn-late-reply-2-after = On the right four RTTs of 50 ms, all of them wrong and none of them suspicious by itself. On the left four of 100 ms, all right, and one late reply. A [sequence number](sequence-number) that nobody compares might as well not be there. TCP meets the same doubt after a retransmission: without its timestamp option it cannot tell which copy an answer is to, and takes no RTT from it (RFC 6298 §3).
learn-late-reply-3 = A slower network: every reply takes about 1.3 s, so that none comes in time. Ten pings, one second each.
learn-late-reply-3-ask = How many answers does the client on the right print?
learn-late-reply-3-a = None
learn-late-reply-3-a-why = None would be right, and the client on the left says so. The one on the right does not compare.
learn-late-reply-3-b = Most of the ten
learn-late-reply-3-b-why = Eight, here. Each is a late reply to an earlier ping.
learn-late-reply-3-c = One
learn-late-reply-3-c-why = It starts with one. But then each later ping finds the late reply to an earlier one.
learn-late-reply-3-after = On the left: ten timeouts, ten late replies, 100 % loss: no reply came within the time chosen (RFC 2681 §2.4). On the right: eight answers, none of them true. On real sockets it is no different: try the commands at the end with a client of your class.
learn-late-reply-4 = A better client on the right: it compares the numbers and throws away what it is not waiting for. But then it calls `recvfrom` again, giving it a full second again. Reply 1 comes at 1.05 s; reply 2 takes 1.04 s.
learn-late-reply-4-ask = What happens to ping 2, on the right?
learn-late-reply-4-a = It times out after one second
learn-late-reply-4-a-why = It would, if its wait had one end. But reply 1, thrown away at 1.05 s, restarted the second.
learn-late-reply-4-b = It counts as answered, with an RTT of 1040 ms
learn-late-reply-4-b-why = The stale packet moved the end of the wait to 2.05 s, and reply 2 came at 2.04 s.
learn-late-reply-4-c = Its reply is credited to ping 3
learn-late-reply-4-c-why = This client does compare the numbers. What it gets wrong is the time.
learn-late-reply-4-after = Fix the [deadline](deadline) once, when sending: `deadline = time.perf_counter() + 1`. Then, in a loop: `left = deadline - time.perf_counter()`; if `left <= 0`, the ping is lost; otherwise `s.settimeout(left)`, `recvfrom`, and compare the number. Credit the reply if it is the one; if not, go round again. The check of `left` is needed: a negative timeout raises `ValueError`, and zero makes the socket non-blocking.
learn-late-reply-task = With a single action, make the client on the right print three or more wrong RTTs, while ours has four right ones.
learn-late-reply-task-hint = Delay an early reply so much that it arrives just before the next one.
learn-late-reply-task-done = One late packet was enough. The client on the right will never know.
learn-late-reply-goal-wrong = The client on the right credits three replies or more to the wrong ping
learn-late-reply-goal-ours = Ours has four pings answered
learn-late-reply-real = Every reply takes 1.3 s: five losses, five late replies, and the exit code is 1. Point a client of your class at the same server and compare. The third command decides about the same packets again, with a timeout of 1.5 s: all five are answered.

## 7. Duplicates and order

learn-duplicates-and-order = Duplicates, and packets out of order
learn-duplicates-and-order-aim = You can say how a client recognises duplicates and reordering, and which figures they must not change.
learn-duplicates-and-order-1 = Six pings, one every 20 ms, so that several are [in flight](in-flight) at once. The network delivers request 2 twice, as a loop in its routes or a faulty bridge may.
learn-duplicates-and-order-1-ask = How many replies to ping 2 does the server send?
learn-duplicates-and-order-1-a = One: it recognises the second request
learn-duplicates-and-order-1-a-why = To do that it would have to remember the first. A server that only echoes remembers nothing.
learn-duplicates-and-order-1-b = Two
learn-duplicates-and-order-1-b-why = Two datagrams in, two datagrams out.
learn-duplicates-and-order-1-c = None: UDP throws both away
learn-duplicates-and-order-1-c-why = UDP does not compare datagrams. Both are whole, and both are delivered.
learn-duplicates-and-order-1-after = Two replies to ping 2 are on their way. UDP promises neither that a datagram arrives nor that it arrives only once (RFC 768).
learn-duplicates-and-order-2 = The second reply to ping 2 arrives 10 ms after the first.
learn-duplicates-and-order-2-ask = What does a good client do with it?
learn-duplicates-and-order-2-a = Count it as a duplicate, and leave the RTT alone
learn-duplicates-and-order-2-a-why = The first copy counts (RFC 2681 §2.4), and [duplicates](duplicate) are counted by themselves (RFC 5560 §5).
learn-duplicates-and-order-2-b = Take the mean of the two as the RTT
learn-duplicates-and-order-2-b-why = That would be a time at which nothing arrived.
learn-duplicates-and-order-2-c = Replace the RTT: the second is newer
learn-duplicates-and-order-2-c-why = Then a network that doubles packets would look slower than it is.
learn-duplicates-and-order-2-after = Ping 2 keeps its RTT of 100 ms. One duplicate is counted. A client that counted it as one more reply would have more replies than pings in the end, and a loss below zero.
learn-duplicates-and-order-3 = Reply 4 is held back on its way, and 5 and 6 overtake it.
learn-duplicates-and-order-3-ask = The client has replies 1, 2, 3 and now 5. What does it know of ping 4?
learn-duplicates-and-order-3-a = It is lost, since 5 is there
learn-duplicates-and-order-3-a-why = A gap is not yet a loss. Ping 4 has until its own deadline.
learn-duplicates-and-order-3-b = It is answered: the fourth reply belongs to it
learn-duplicates-and-order-3-b-why = The fourth reply has a 5 in it. Counting arrivals is not the same as reading numbers.
learn-duplicates-and-order-3-c = Nothing yet
learn-duplicates-and-order-3-c-why = It waits until its deadline, 500 ms after it was sent.
learn-duplicates-and-order-3-after = Four pings are answered, none is lost, and ping 4 is still in flight as far as anybody can tell.
learn-duplicates-and-order-4 = Reply 4 arrives last, 150 ms after its ping went out.
learn-duplicates-and-order-4-ask = How is it counted?
learn-duplicates-and-order-4-a = As late
learn-duplicates-and-order-4-a-why = Late means after the deadline, and that is 500 ms here.
learn-duplicates-and-order-4-b = As answered in time, and as reordered
learn-duplicates-and-order-4-b-why = Its RTT is 150 ms. And its number is smaller than one that came before it: [reordered](reordering) (RFC 4737 §3).
learn-duplicates-and-order-4-c = As lost, because it came out of order
learn-duplicates-and-order-4-c-why = UDP promises no order, so arriving out of order is not an error.
learn-duplicates-and-order-4-after = Six pings, six answered, none lost, one duplicate, one reordered. Matching by number makes all this harmless. A client that numbers replies as they arrive would have been wrong from its third one on.
learn-duplicates-and-order-task = Produce a duplicate and a reordered reply, with all six pings answered.
learn-duplicates-and-order-task-hint = Duplicate any packet in flight. Then delay an early reply by 50 ms, so that later ones overtake it.
learn-duplicates-and-order-task-done = Not one ping was harmed: number, deadline and first copy decide, and nothing else.
learn-duplicates-and-order-goal-duplicate = A duplicate arrives
learn-duplicates-and-order-goal-reordered = A reply arrives out of order
learn-duplicates-and-order-goal-all = All six pings are answered
learn-duplicates-and-order-real = Fifty pings, all of them answered. A line with `DUP!` is a further copy of a reply. Replies that took 90 ms were held back, and those behind them overtook them: the summary counts them as out of order.

## 8. Figures that mislead

learn-misleading-figures = Figures that mislead
learn-misleading-figures-aim = You can say what loss is divided by, why a wrong mean can fall below the minimum, and what three pings can tell you.
learn-misleading-figures-1 = Ten pings, one every 100 ms, each with an RTT of 200 ms. Nothing is lost. At 0.9 s all ten are sent and eight are answered.
learn-misleading-figures-1-ask = What is the packet loss at that moment?
learn-misleading-figures-1-a = 20 %
learn-misleading-figures-1-a-why = Ten less eight is two, but those two are in flight, not lost.
learn-misleading-figures-1-b = Nobody can say before the end
learn-misleading-figures-1-b-why = For settled pings you can tell at any time: eight of eight came back.
learn-misleading-figures-1-c = 0 %
learn-misleading-figures-1-c-why = Eight are settled, and all eight of them were answered.
learn-misleading-figures-1-after = Loss is lost ÷ settled: a ping is settled once it is answered, timed out or refused, and of these only the answered ones are not lost. What is in flight is in neither; in the end, when all is settled, that is lost ÷ sent (RFC 6673, RFC 7680 §4.1). Beside it stands the wrong figure, 20 %, which disappears when the last two replies come: a loss that heals by itself was not a loss.
learn-misleading-figures-2 = Ten pings, one at a time. Two are lost; the other eight took exactly 80 ms each. A client prints: average 64 ms.
learn-misleading-figures-2-ask = How can that be?
learn-misleading-figures-2-a = It divided by the ten sent, not by the eight answered
learn-misleading-figures-2-a-why = 8 × 80 ÷ 10 = 64. A [mean](mean) below the minimum gives it away.
learn-misleading-figures-2-b = Its clock is not precise
learn-misleading-figures-2-b-why = That would be microseconds, not a fifth.
learn-misleading-figures-2-c = The lost ones were fast
learn-misleading-figures-2-c-why = A lost ping has no time at all, neither fast nor slow.
learn-misleading-figures-2-after = The [mean](mean) is 80 ms. Another common mistake is to count every loss as one timeout: 264 ms, a time that no reply ever took. The RTT of a lost ping is undefined (RFC 2681 §2.4). So delay and loss are two figures, and each needs the other beside it. When nothing was answered, there is no mean either: do not divide by zero.
learn-misleading-figures-3 = Twenty pings. Nineteen take 20 ms each, and one takes 400 ms. Their mean is 39 ms.
learn-misleading-figures-3-ask = Which figure says what a typical ping takes?
learn-misleading-figures-3-a = The mean, 39 ms
learn-misleading-figures-3-a-why = No ping took anything like it. One outlier has nearly doubled it.
learn-misleading-figures-3-b = The median, 20 ms
learn-misleading-figures-3-b-why = At least half of all pings took no longer.
learn-misleading-figures-3-c = The 99th percentile, 400 ms
learn-misleading-figures-3-c-why = That says how bad it gets, which is worth knowing too. But it is not typical.
learn-misleading-figures-3-after =
    Give several: the minimum, the [median](median), a high [percentile](percentile) (RFC 2330 §11.3), and how many replies they are based on. With twenty, the 99th percentile is simply the maximum. These are figures of the replies; RFC 2681 §4.1 counts a lost ping as infinitely long instead, so that the median says something of the losses, too.

    How much delay varies has figures of its own. `mdev`, which ping prints, is the standard deviation of the RTTs. IPDV is the difference between one and the next (RFC 3393). [Jitter](jitter) is its size, smoothed: with each reply J grows by (|D| − J) ÷ 16 (RFC 3550 §6.4.1).
learn-misleading-figures-4 = Three pings. One is lost. The client prints 33 % loss.
learn-misleading-figures-4-ask = What does that tell you about the network?
learn-misleading-figures-4-a = It loses a third of all packets
learn-misleading-figures-4-a-why = Three pings can only show 0, 33, 67 or 100 %. Even if the network loses no more than 5 %, about one three-ping run in seven loses at least one.
learn-misleading-figures-4-b = It is broken, for a good network loses nothing
learn-misleading-figures-4-b-why = Losing a packet now and then is normal: most queues that are full have no other way to say so (ECN, RFC 3168, is the exception).
learn-misleading-figures-4-c = Very little
learn-misleading-figures-4-c-why = It is true of these three pings, and says next to nothing of the next three.
learn-misleading-figures-4-after = Print how many pings a figure is based on, and send enough of them: to see a loss of 1 % at all takes hundreds.
learn-misleading-figures-task = Go back to the first run, in which nothing is lost. Find a moment at which the wrong loss says 50 %.
learn-misleading-figures-task-hint = Step through it. At some moment half of the pings that were sent are in flight.
learn-misleading-figures-task-done = Four sent, two answered, two in flight: “50 % loss” in a network that loses nothing.
learn-misleading-figures-goal-half = The wrong loss is 50 % at the moment shown
learn-misleading-figures-goal-none = No ping is lost at that moment
learn-misleading-figures-real = The network loses 5 % of the replies, and a hundred pings come close to that. Compare the mean with p50 and p99, and then try `-c 3` and see what three pings say.

## 9. Choosing the timeout

learn-choosing-a-timeout = Choosing the timeout
learn-choosing-a-timeout-aim = You can say what a timeout that is too short costs, and one that is too long, and how TCP follows the RTT with its own.
learn-choosing-a-timeout-1 = Twenty pings, one at a time. RTTs go from 80 ms to almost 200, and the network loses some packets. The timeout is 100 ms. In the end the client reports 15 pings lost.
learn-choosing-a-timeout-1-ask = How many packets did the network lose?
learn-choosing-a-timeout-1-a = 15
learn-choosing-a-timeout-1-a-why = That is what the client decided. Count the diamonds in the diagram: those replies arrived, after the deadline.
learn-choosing-a-timeout-1-b = 2
learn-choosing-a-timeout-1-b-why = The other thirteen were answered, after the deadline.
learn-choosing-a-timeout-1-c = None: all of them came late
learn-choosing-a-timeout-1-c-why = Thirteen did. Two requests really were lost on the way there.
learn-choosing-a-timeout-1-after = A timeout that is close to the RTT makes a slow network look lossy. The late replies give it away, if they are counted.
learn-choosing-a-timeout-2 = The same network and the same seed, with a timeout of 5 s.
learn-choosing-a-timeout-2-ask = What does that cost?
learn-choosing-a-timeout-2-a = Five seconds of waiting for every real loss
learn-choosing-a-timeout-2-a-why = Nothing comes, and the client waits all the same.
learn-choosing-a-timeout-2-b = Nothing: longer is safer
learn-choosing-a-timeout-2-b-why = It is safer, and it is not free. Look at how long the whole run takes.
learn-choosing-a-timeout-2-c = The RTTs become longer
learn-choosing-a-timeout-2-c-why = The network does not know the timeout. Each reply takes as long as it takes.
learn-choosing-a-timeout-2-after = Now the loss is right: two of twenty, and none late. But the run took 12.2 s, and for ten of them the client waited for two replies that never came.
learn-choosing-a-timeout-3 =
    TCP has the same choice to make, and lets the network decide: from each RTT it updates a smoothed RTT (SRTT) and a smoothed deviation (RTTVAR), and waits for SRTT + 4 × RTTVAR (RFC 6298 §2). The textbook calls them EstimatedRTT, DevRTT and TimeoutInterval (Kurose & Ross §3.5.3).

    The first RTT, R, gives SRTT = R and RTTVAR = R ÷ 2. Each further one gives RTTVAR = ¾ RTTVAR + ¼ |SRTT − R|, and then SRTT = ⅞ SRTT + ⅛ R.
learn-choosing-a-timeout-3-ask = Why is the deviation in it?
learn-choosing-a-timeout-3-a = As a fixed margin for safety
learn-choosing-a-timeout-3-a-why = It is not fixed. On a steady path RTTVAR shrinks until hardly anything is added.
learn-choosing-a-timeout-3-b = Because a long RTT also varies more
learn-choosing-a-timeout-3-b-why = A geostationary satellite’s is long and steady, and a busy Wi-Fi’s short and wild. Neither says anything about the other.
learn-choosing-a-timeout-3-c = So that a steady path has a tight timeout, and a wild one a wide one
learn-choosing-a-timeout-3-c-why = What the timeout has to cover is not the RTT, it is the RTT’s surprises.
learn-choosing-a-timeout-3-after = After these replies SRTT is 122 ms and RTTVAR 17 ms: a timeout of 192 ms, and the maximum RTT was 191 ms. TCP rounds it up to a second (RFC 6298 §2.4), doubles it after every timeout (RFC 6298 §5.5), and takes no sample from what it retransmitted (RFC 6298 §3). Programs that use UDP are advised to estimate likewise (RFC 8085 §3.1.1).
learn-choosing-a-timeout-task = Choose the timeout so that no reply comes late, and all is over within 2.8 s.
learn-choosing-a-timeout-task-hint = Every real loss costs one timeout, and there are two. The maximum RTT is 191 ms.
learn-choosing-a-timeout-task-done = A little above the maximum RTT: long enough for every reply, short enough that a loss costs little. In a real network you do not know that RTT beforehand, which is what the estimator is for.
learn-choosing-a-timeout-goal-late = No reply is late
learn-choosing-a-timeout-goal-quick = The last ping is settled within 2.8 s
learn-choosing-a-timeout-real = With 300 ms nothing is late: what is lost was lost on the way. The third command asks what 100 ms would have meant for the same packets: several of the answered pings would have been lost, with late replies.

## 10. Heartbeat

learn-heartbeat = Heartbeat: the same packets, one way
learn-heartbeat-aim = You can say what a receiver learns from packets that nobody answers: what is missing, not how long it took, and when to suspect that the sender has stopped.
learn-heartbeat-1 = Many versions of the assignment have a second optional exercise: once a second the client sends its number and the time, and the server does not answer. Such packets are called [heartbeats](heartbeat).
learn-heartbeat-1-after = Without replies there is no RTT. Everything there is to know, the server must work out.
learn-heartbeat-2 = Heartbeats 3 and 4 are lost on the way.
learn-heartbeat-2-ask = After 2 the server receives 5. What does it know?
learn-heartbeat-2-a = The client paused for two seconds
learn-heartbeat-2-a-why = The number says otherwise: the client went on counting.
learn-heartbeat-2-b = 3 and 4 have not arrived
learn-heartbeat-2-b-why = That is what the [sequence number](sequence-number) is for.
learn-heartbeat-2-c = Nothing: 5 is a heartbeat like any other
learn-heartbeat-2-c-why = It is, but its number is not the next one expected.
learn-heartbeat-2-after = The server reports 3 and 4 missing. To be exact: missing so far. They might have been overtaken, and may still arrive.
learn-heartbeat-3 = Every heartbeat carries the time at which it was sent, by the client’s clock. The server subtracts it from the time at which it arrived, by its own. Heartbeats 1, 2 and 5 came out at 290 ms each.
learn-heartbeat-3-ask = What does it get?
learn-heartbeat-3-a = The one-way delay
learn-heartbeat-3-a-why = Only if both clocks are synchronised. One time is the client’s, the other the server’s.
learn-heartbeat-3-b = Half the round-trip time
learn-heartbeat-3-b-why = There was no round trip, and half of one would be a guess.
learn-heartbeat-3-c = The one-way delay, plus the difference between the clocks
learn-heartbeat-3-c-why = Nothing in the packet says how much is which.
learn-heartbeat-3-after = The way takes 40 ms, and the server’s clock is 250 ms ahead: neither is known to it. So a single difference means little unless the clocks are synchronised (RFC 7679). But from one heartbeat to the next the clocks drift apart very little: heartbeat 6 shows 320 ms, so it took 30 ms longer than 5 did, and that is true. That is what [jitter](jitter) is computed from (RFC 3550 §6.4.1).
learn-heartbeat-4 = Heartbeat 8 was the last. The server is configured to declare the client stopped after 3 s of silence, and at 10.04 s it does.
learn-heartbeat-4-ask = What does it know at that moment?
learn-heartbeat-4-a = The client’s program has ended
learn-heartbeat-4-a-why = Here it has. But the server would say the same if the network had lost three heartbeats in a row.
learn-heartbeat-4-b = It has received nothing for 3 s
learn-heartbeat-4-b-why = “Stopped” is what it makes of that.
learn-heartbeat-4-c = The network is down
learn-heartbeat-4-c-why = It may be. Silence does not say why.
learn-heartbeat-4-after = From the outside a dead client and a dead path look the same. A short silence raises false alarms, and a long one notices late: the trade-off of lesson 9 again.
learn-heartbeat-task = Make the server declare a client stopped that is alive: a heartbeat arrives after the alarm.
learn-heartbeat-task-hint = The silence must be longer than 3 s, so drop three heartbeats in a row, each while it is in flight.
learn-heartbeat-task-done = The server was wrong, and had no way to know.
learn-heartbeat-goal-alarm = A heartbeat arrives after the server declared the client stopped
learn-heartbeat-real = Of eight heartbeats the network loses three: 2, 3 and 7. The server notices when 4 and 8 arrive, and declares the client stopped 4 s after the last one. Then end it with Ctrl-C: the journal is the server’s, since the client learns nothing.

## Exercises

learn-reading-replied = How many pings are answered in time?
learn-reading-lost = How many pings time out?
learn-reading-late = How many of those are answered late?
learn-reading-finished = When is the last ping settled?
learn-reading-udp-replied = How many clients does the UDP server’s reply reach?
learn-reading-tcp-replied = How many TCP clients get their answer?
learn-reading-tcp-packets = How many packets are sent on the TCP side, both ways together?
learn-reading-udp-lost = How many UDP pings time out?
learn-reading-tcp-retransmissions = How often does TCP retransmit, both ends together?
learn-reading-tcp-slowest = How long does the slowest answer over TCP take?
learn-reading-last-rtt = What is the RTT of the last ping that is answered?
learn-reading-last-network = What is its δ, the RTT without the server’s time?
learn-reading-last-there = How long was its true way there?
learn-reading-requests-lost = How many requests are lost?
learn-reading-replies-lost = How many replies are lost?
learn-reading-ours-replied = How many pings does our client call answered?
learn-reading-faulty-replied = How many does the faulty client call answered?
learn-reading-faulty-wrong = How many of those were answers to another ping?
learn-reading-duplicates = How many duplicates arrive?
learn-reading-reordered = How many replies arrive out of order?
learn-reading-rtt-least = What is the minimum RTT?
learn-reading-rtt-most = What is the maximum RTT?
learn-reading-missing = How many heartbeats does the server report missing?
learn-reading-stopped = How often does it declare the client stopped?
learn-reading-false-alarms = How often was that wrong?

## Glossary

learn-term-clock-offset = clock offset
learn-term-clock-offset-is = How far one clock is ahead of another at the same moment.
learn-term-connection = connection
learn-term-connection-is = An agreement of two ends to talk, with state kept at both. TCP opens and closes one; UDP has none.
learn-term-datagram = datagram
learn-term-datagram-is = One message that is sent, routed and delivered by itself, whole or not at all. What UDP carries.
learn-term-deadline = deadline
learn-term-deadline-is = The moment up to which a reply counts: when the probe was sent, plus the timeout.
learn-term-duplicate = duplicate
learn-term-duplicate-is = A further copy of a reply that has already arrived.
learn-term-handshake = handshake
learn-term-handshake-is = The three segments that open a TCP connection: SYN, SYN-ACK, ACK.
learn-term-heartbeat = heartbeat
learn-term-heartbeat-is = A packet sent at regular times for no other purpose than to show that its sender is alive.
learn-term-icmp = ICMP
learn-term-icmp-is = The protocol by which machines and routers report trouble with IP packets, such as that nobody has a port.
learn-term-in-flight = in flight
learn-term-in-flight-is = Sent, and neither answered nor given up.
learn-term-jitter = jitter
learn-term-jitter-is = How much the delay varies from packet to packet; RTP smooths it: J grows by (|D| − J) ÷ 16. Several figures have the name: say which.
learn-term-late = late reply
learn-term-late-is = A reply that arrives after its probe’s deadline. The probe stays lost.
learn-term-loss = loss
learn-term-loss-is = The share of settled probes that had no reply by their deadline.
learn-term-mean = mean
learn-term-mean-is = The sum of all values divided by how many there are.
learn-term-median = median
learn-term-median-is = The value in the middle: at least half of all values are no greater.
learn-term-monotonic-clock = monotonic clock
learn-term-monotonic-clock-is = A clock that only goes forward. It measures spans and does not know the date.
learn-term-one-way-delay = one-way delay
learn-term-one-way-delay-is = How long a packet takes from one end to the other. Measuring it takes two clocks that agree.
learn-term-percentile = percentile
learn-term-percentile-is = The 99th percentile is the smallest value that 99 % of all values do not exceed.
learn-term-port = port
learn-term-port-is = A number from 0 to 65535 that says which program of a machine a datagram or segment is for.
learn-term-probe = probe
learn-term-probe-is = A packet that is sent to measure something: here, a ping.
learn-term-reordering = reordering
learn-term-reordering-is = A packet arrives after one that was sent later.
learn-term-retransmission = retransmission
learn-term-retransmission-is = Sending again what was not acknowledged. TCP does it by itself, UDP never.
learn-term-rto = retransmission timeout (RTO)
learn-term-rto-is = How long TCP waits for an acknowledgment before it retransmits.
learn-term-rtt = round-trip time (RTT)
learn-term-rtt-is = The time from sending a probe to receiving its reply, read from the sender’s clock.
learn-term-sequence-number = sequence number
learn-term-sequence-number-is = The number in each probe by which its reply is recognised.
learn-term-server-time = server’s time
learn-term-server-time-is = What the server takes between receiving a probe and sending its reply.
learn-term-socket = socket
learn-term-socket-is = The door between a program and the network: what it sends through and receives from.
learn-term-stop-and-wait = stop-and-wait
learn-term-stop-and-wait-is = Sending the next packet only when the one before is settled.
learn-term-timeout = timeout
learn-term-timeout-is = How long a reply may take and still count.

## The room

learn-room-title = Learn UDP by playing with it
learn-room-intro = Ten short lessons. Each shows a network at work, asks what will happen before it does, and ends with something for you to bring about. What you do is kept in this browser only, and sent nowhere.
learn-room-lost = What this browser had kept of your progress cannot be read, so you start anew.
learn-all-done = { $done } of { $all } steps done
learn-minutes = { $minutes } minutes
learn-done = Done
learn-begin = Begin
learn-continue = Continue
learn-revisit = Review
learn-forget = Clear my progress
learn-forgotten = Your progress is cleared.
learn-teacher = For the teacher
learn-all = All lessons
learn-where =
    .aria-label = Steps of this lesson
learn-step = Step { $step }
learn-step-task = Task
learn-step-end = For real
learn-step-done = { $step }, done
learn-lesson-number = Lesson { $number }
learn-predict = What do you predict?
learn-right = Right.
learn-wrong = Not quite.
learn-show = Show it
learn-show-answered = Now see what happens
learn-again = Predict again
learn-previous = Back
learn-next = Next
learn-next-lesson = Next lesson

## The stage

learn-stage =
    .aria-label = What happens
learn-lanes =
    .aria-label = Diagram, scrollable. Its events are listed below it.
learn-lane-name = { $lane } at { $at }. The list below says what has happened.
learn-lane-ours = Our client, over UDP
learn-lane-credits-whatever-arrives = Takes whatever arrives
learn-lane-restarts-timeout = Restarts its timeout
learn-lane-tcp-new = TCP, a new connection each time
learn-lane-tcp-kept = TCP, one persistent connection
learn-lane-udp-crowd = UDP server
learn-lane-tcp-crowd = TCP server
learn-lane-heartbeat = Heartbeat
learn-client = client
learn-server = server
learn-server-clock = server, clock { $ahead }
learn-shortened = { $span }, not to scale
learn-transport =
    .aria-label = Time
learn-to-start =
    .aria-label = To the beginning
learn-step-back =
    .aria-label = One event back
learn-step-on =
    .aria-label = One event on
learn-to-end =
    .aria-label = To the end of what is shown
learn-play = Play
learn-pause = Pause
learn-scrub =
    .aria-label = Moment
learn-now = now { $at }
learn-happened = What has happened, in words
learn-happened-line = { $at }: { $what }
learn-happened-lane = { $lane }: { $what }
learn-nothing = Nothing yet.
learn-packet-ping = ping { $seq }
learn-packet-reply = reply { $seq }
learn-packet-beat = heartbeat { $seq }
learn-packet-syn = SYN
learn-packet-syn-ack = SYN-ACK
learn-packet-ack = ACK
learn-packet-request = request { $seq }
learn-packet-response = answer { $seq }
learn-packet-fin = FIN
learn-packet-fin-ack = FIN-ACK
learn-packet-of = { $client }: { $what }
learn-packet-copy = { $what } (copy)
learn-sets-out-request = { $what } sets out
learn-sets-out-reply = the server sends { $what }
learn-arrives-request = { $what } reaches the server
learn-arrives-reply = { $what } reaches the client
learn-is-lost-request = { $what } is lost on the way there
learn-is-lost-reply = { $what } is lost on the way back
learn-note-replied = ping { $seq }: { $span }
learn-note-miscredited = ping { $seq }: { $span }
learn-note-truly = but it was reply { $truly }
learn-note-timed-out = ping { $seq }: timeout
learn-note-late = ping { $seq } late: { $span }
learn-note-duplicate = ping { $seq } twice
learn-note-discarded = { $seq } thrown away
learn-note-connected = connected
learn-note-opened = +1 socket
learn-note-closed = −1 socket
learn-note-retransmits = timer ran out
learn-note-heard = { $seq }: recv − sent = { $span }
learn-note-missing = { $from }–{ $to } missing
learn-note-missing-one = { $from } missing
learn-note-stopped = “client stopped”
learn-said-client = the client says: { $what }
learn-said-server = the server says: { $what }

## What is measured

learn-counters = Counters
learn-sockets = The server’s sockets
learn-clocks = Four times, two clocks
learn-figures = Figures
learn-estimator = The estimator
learn-watch = What the server knows
learn-measured = Measured
learn-one-clock = one clock
learn-two-clocks = two clocks
learn-a-guess = a guess
learn-moved = Marked: what the server’s clock has moved, and by how much.
learn-wrong-figure = wrong
learn-none = –
learn-measure-sent = sent
learn-measure-replied = answered
learn-measure-lost = timed out
learn-measure-late = of them late
learn-measure-in-flight = in flight
learn-measure-duplicates = duplicates
learn-measure-reordered = reordered
learn-measure-requests-lost = lost on the way there
learn-measure-replies-lost = lost on the way back
learn-measure-miscredited = credited to the wrong ping
learn-measure-over-timeout = accepted after the timeout
learn-measure-packets = packets
learn-measure-bytes = bytes
learn-measure-header-bytes = of which headers
learn-measure-round-trips = round trips waited for
learn-measure-retransmissions = retransmissions
learn-measure-finished = last ping settled at
learn-measure-sockets = sockets
learn-measure-sockets-most = most sockets at once
learn-measure-rtt-least = minimum RTT
learn-measure-rtt-most = maximum RTT
learn-measure-rtt-mean = mean RTT
learn-measure-rtt-median = median RTT
learn-measure-rtt-p99 = 99th percentile
learn-measure-loss = packet loss
learn-measure-loss-in-flight = loss, with those in flight counted as lost
learn-measure-mean-over-sent = mean, divided by what was sent
learn-measure-mean-with-timeouts = mean, with a timeout for every loss
learn-measure-rtt = RTT: T4 − T1
learn-measure-server-time = server’s time: T3 − T2
learn-measure-network-time = δ, the network’s time
learn-measure-seen-there = T2 − T1, the way there
learn-measure-seen-back = T4 − T3, the way back
learn-measure-half-guess = δ ÷ 2
learn-measure-half-error = how far δ ÷ 2 misses the way there
learn-measure-offset-guess = θ, the server’s clock ahead by
learn-measure-way-there = true way there
learn-measure-way-back = true way back
learn-measure-estimated = timeout for the next: SRTT + 4 × RTTVAR
learn-measure-apart = received − sent, the newest
learn-measure-apart-change = its change since the one before
learn-measure-missing = reported missing
learn-measure-stopped = declared stopped
learn-measure-false-alarms = of them wrongly
learn-smoothed = smoothed RTT (SRTT)
learn-variation = deviation (RTTVAR)
learn-last-rtt = last RTT
learn-chart-name = RTTs of { $count } replies, the timeout of { $timeout }, and what the estimator would have taken: { $estimated } in the end.
learn-chart-reply = reply
learn-chart-timeout = timeout
learn-chart-estimate = estimate

## The task

learn-controls = Controls
learn-control-request-delay = Delay to the server
learn-control-reply-delay = Delay on the way back
learn-control-jitter = Jitter, each way
learn-control-request-loss = Loss to the server
learn-control-reply-loss = Loss on the way back
learn-control-service = Server’s own time
learn-control-timeout = Timeout
learn-control-count = Pings
learn-control-interval = Interval
learn-control-clients = Clients
learn-control-server-clock = Server’s clock ahead by
learn-packets = Packets in flight now
learn-packets-none = None. Step to a moment at which one is.
learn-act-drop = Drop
learn-act-delay = Delay by { $span }
learn-act-duplicate = Duplicate
learn-act-corrupt = Corrupt
learn-intervene-on =
    .aria-label = { $act }: { $packet }
learn-acted = { $act }: { $packet }, at { $at }
learn-your-acts = What you did
learn-start-over = Start over
learn-goals = Goals
learn-goal-value = now { $value }
learn-goal-met = achieved
learn-goal-open = open
learn-hint = A hint
learn-achieved = Achieved.
learn-refused = The core refuses these settings: { $what }.

## For real

learn-real-title = Now for real
learn-real-intro = The same with real packets, on one machine: the first command in one terminal, the others in another. This page opens the files they write.
learn-expect = What to expect
learn-open-journal = Open a journal
learn-open-simulate = Open this network in Simulate
learn-sources = Sources
learn-glossary = Words of this lesson
learn-glossary-title = Glossary

## Exercise

learn-exercise-title = Exercise: { $lesson }
learn-exercise-intro = A run that your teacher chose. Play it, read the diagram, and write down what you find; then save the file and hand it in. Times are checked to the nearest millisecond.
learn-exercise-honest = The link hides the run’s seed from a casual look, not from anyone who looks for it. The file proves what was found, not who found it.
learn-exercise-name = Name
learn-exercise-save = Save the file
learn-exercise-saved = Saved as { $name }.
learn-exercise-missing = { $count ->
    [one] { $count } answer is missing or is no number.
   *[other] { $count } answers are missing or are no numbers.
}
learn-unit-ms = ms

## The teacher’s page

learn-teacher-title = For the teacher
learn-teacher-intro = What each lesson is for, its questions with their answers, its task with a solution, and the commands that repeat it. This page prints well.
learn-teacher-print = Print
learn-teacher-aim = Aim
learn-teacher-solution = One solution
learn-teacher-go = go to { $at }
learn-teacher-exercises = Exercises
learn-teacher-exercises-intro = An exercise is a run whose seed is hidden in the link. Students read figures off the diagram and hand in a file; here the run is played again and each figure compared. Files of another run, or changed after the page saved them, are marked.
learn-teacher-for = For the lesson
learn-teacher-make = Make a link
learn-teacher-link = The link you gave the class
learn-teacher-check = Check files
learn-teacher-altered = changed since the page saved it
learn-teacher-other-run = not the run of your link
learn-teacher-no-link = The link above leads to no exercise of this page.
learn-teacher-run = Open this run
learn-teacher-checked = { $name }, { $lesson }: { $right } of { $all } right
learn-teacher-nobody = (no name)
learn-teacher-reading = Reading
learn-teacher-given = Handed in
learn-teacher-truth = Correct value
learn-teacher-yes = right
learn-teacher-no = wrong
learn-hand-in-not-ours = This is no file of an exercise.
learn-hand-in-newer = The file is from a newer version of this page ({ $version }).
learn-hand-in-no-lesson = This page has no lesson of that name: { $lesson }.
learn-hand-in-readings = The file has not as many answers as the exercise has questions.
learn-hand-in-world = The run cannot be played: { $what }.
