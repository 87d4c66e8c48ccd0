### What the command says. Both languages have the same messages with the same
### variables, and the command says every one of them: the compiler sees to that.
###
### The help stands beside the arguments in src/cli, and what the core says of errors
### beside the errors: only their translations are here, in files of their own.

## The process

no-random = the system gives no random numbers: { $error }
no-signals = cannot take over signals
no-socket = cannot open a UDP socket
stdout-failed = cannot write to standard output

## What arguments may be

arg-file-size = a size in bytes from 4096, or as 10M or 1G
arg-threads = from 1 to 256 threads
arg-pair = give one value (replies only), or two as REQUEST,REPLY
arg-duration = write a duration as 1s, 200ms, 50us, 1m30s, or in seconds as 0.5
arg-unit = `{ $unit }` is not a unit of time; use d, h, m, s, ms, us or ns
arg-too-long = that is longer than 104 days, the most a journal can name
arg-zero = it must be more than zero
arg-one-dash = { $given } is read as flags of one letter each: write -{ $given }
arg-others-flag = { $given } is a flag of { $commands }
arg-did-you-mean = did you mean `udping { $name }`?
arg-nothing = name a host to ping, or try `udping demo` first, which needs nothing else; `udping -h` lists the flags
man-no-command = there is no page for `{ $name }`: name a command of udping, or none
man-not-written = cannot write the page { $path }
man-name = NAME
man-synopsis = SYNOPSIS
man-description = DESCRIPTION
man-options = OPTIONS
man-commands = COMMANDS
man-examples = EXAMPLES
man-notes = NOTES
man-see-also = SEE ALSO
usage = Usage:
usage-options = [OPTIONS]
arg-second = it must be a second or more
usage-command = <COMMAND>
arg-whole = { $what } is a whole number from { $least } to { $most }
arg-count = a count
arg-window = a window
arg-hops = a number of hops
arg-size = a size in bytes
arg-too-large = { $number } is too large
arg-bind = write it as 127.0.0.1:12000, [::1]:12000, 0.0.0.0:12000 or :12000
arg-address = that is not an address; with a port an IPv6 address is written as [::1]:12000
arg-zone = a zone comes after an IPv6 address, as in fe80::1%eth0 or fe80::1%3
arg-open-bracket = the bracket is not closed; write [::1]:12000
arg-after-bracket = only :PORT may follow the bracket
arg-no-host = a host is missing; write HOST or HOST:PORT
arg-port = a port is a number from 1 to 65535
arg-one-host = { $flag } is for one host alone
arg-port-apart = a port comes after its host, with a colon: write HOST:{ $port } instead of HOST { $port }
arg-command-behind = `{ $name }` is a command, and its options come after it: udping { $name } OPTIONS; to ping a host of that name, give its port, { $name }:PORT
arg-bare-bind = the address to listen on needs an option: udping serve --bind { $given }
arg-rate-limit = write a number of requests a second, 1 or more, as 1000 or 1000/s, or `off`
arg-tos = the TOS byte is a number from 0 to 255, or 0x00 to 0xff, or the name of a DSCP, such as ef or af41
arg-pattern = a pattern is written as 1 to 32 hexadecimal digits, such as ff or 00ff
arg-mark = a mark is a number from 0 to 4294967295, or 0x0 to 0xffffffff
arg-flow-label = a flow label is written in hexadecimal, from 0 to fffff
arg-send-buffer = a send buffer's size
arg-fail = write a condition as loss>5% or p95>200ms: a figure, one of > >= < <=, and a value; the figures are { $names }
arg-fail-name = `{ $name }` is not a figure of a run; the figures are { $names }
arg-fail-loss = compare { $name } with a rate, as 5% or 0.05
arg-fail-time = compare { $name } with a time and its unit, as 200ms
arg-fail-count = compare { $name } with a whole number
arg-source = name an address or an interface
no-such-request-impairments = these impairments on the way to the server are not possible
no-such-reply-impairments = these impairments on the way back are not possible
needs-textbook = { $flag } is for the textbook's wire
wire-file-unreadable = cannot read the wire in { $name }
wire-file-wrong = { $name } describes no wire: it is TOML with request = "…", expect = ["…"] and answer = "…"
nothing-padded = nothing is padded for -p to fill: choose a larger -s
no-name-to-resolve = --resolve-again needs a name, and { $host } is an address
no-effect = { $flag } has no effect with { $with }
no-effect-seed = --seed has no effect without --loss, --jitter, --duplicate or --reorder
no-effect-outstanding = -O has no effect without -i or -l: each probe waits for the one before
needs-stamp = STAMP's flags need --wire stamp
no-kernel-timestamps = this system's kernel does not timestamp datagrams; use --timestamps app
key-unreadable = cannot read the key in { $place }: make one with `openssl rand -hex 32 > FILE`
key-too-long = { $place } is not a key: it has more than { $most } bytes
key-in-environment = the environment variable { $variable }
key-unusable = { $place } holds no usable key: write one with `openssl rand -hex 32`

## Addresses and sockets

no-address-for = cannot find the host `{ $host }`: check the spelling, or give its address
no-ipv4 = `{ $host }` has no IPv4 address; leave out -4
no-ipv6 = `{ $host }` has no IPv6 address; leave out -6
no-address = `{ $host }` has no address
resolve-stopped = stopped before `{ $host }` had an address
resolve-timed-out = `{ $host }` has no address after { $within }: the name servers do not answer
no-resolver-thread = cannot start the thread that looks up names
socket-refuses = { $flag }: the system rejects it
mark-not-permitted = -m { $mark }: setting a mark needs the capability CAP_NET_RAW or CAP_NET_ADMIN, which root has
flow-label-family = -F is for IPv6, and { $server } is not an IPv6 address
no-mtu-choice = -M: this system has no such option
source-family = -I { $address } and { $server } are of different families: choose with -4 or -6
no-interface = -I { $name }: there is no such interface, or it may not be used
this-host = { $host }, which means this host
zone-missing = { $address } is a link-local address: write which link, as { $address }%INTERFACE{ $interfaces }
zone-unknown = %{ $zone }: there is no such interface{ $interfaces }
interfaces = ; there are: { $names }
no-name = `{ $host }` cannot be a name: check the spelling
source-privileged = cannot send from port { $port }, which this user may not have: choose one from 1024 on, or none
source-taken = cannot send from { $address }: another program is using that port; choose another, or none
no-source = cannot send from { $address }: give -I an address of this machine
no-ancillary = cannot ask the system for details of datagrams

## Pinging

ping-no-host = a host is missing
ping-not-measurable = this cannot be measured
ping-unreachable = cannot reach { $server }: { $advice }
ping-not-sent = no probe could be sent to { $server }: { $advice }
ping-not-permitted = the system does not permit it, as with a firewall or a prohibited route; try another address
ping-broadcast = that is a broadcast address, and the system does not permit sending to it by default: allow it with -b, or ping one host's address
one-host-only = that is a broadcast address, and the system does not permit sending to it: give one host's address
ping-too-long = the datagram is too long; try a smaller -s
ping-queue-full = this host's send queue is full; send more slowly, with a longer -i
ping-check = check the network connection and the address
ping-refused-trying = { $server } refused; trying { $next }
ping-failed-trying = { $error }; trying { $next }
ping-waiting = waiting up to { $most } for { $server } to answer
ping-not-up = no reply came within --wait: nothing was measured
ping-heading = PING { $name }({ $server }): { $probes }, { $pace }, timeout { $timeout }
wires-request = request
wires-answer = answer
wires-expect = expects
wires-stamp = packets of 44 bytes or more, as RFC 8762 says
wires-stdin = cannot read standard input
wires-not-hex = these are no bytes in hexadecimal: write two digits for each
wires-offset = offset
wires-part = part
wires-bytes = bytes
wires-read = it reads all of them
wires-fails = it fails at offset { $offset }, at { $part }: { $why }
wires-fails-at-end = it fails at offset { $offset }, after its last part: { $why }
probes-text = text probes
probes-named = { $name } probes
probes-described = described probes
probes-sized = probes of { $bytes } bytes
probes-at-least = text probes of { $least } bytes or more
probes-stamp-sized = { $kind } of { $bytes } bytes
probes-stamp = STAMP probes
probes-stamp-authenticated = authenticated STAMP probes
pace-stop-and-wait = one at a time
pace-paced = every { $interval }
pace-window = up to { $size } in flight
pace-on-demand = on demand
own-times-only = times are measured by this program
no-timestamps-here = times are measured by this program: the kernel gives no timestamps here
coarse-timers = timers are only as precise as the system's: { $error }
cannot-receive = cannot receive: { $error }
cannot-send = cannot send seq={ $seq }: { $error }
cannot-send-like = cannot send seq={ $seq }, nor { $n } before it: { $error }
about = about{" "}
host-dropped = { $about }{ $n ->
    [one] { $n } datagram came faster than udping could read it, and this host dropped it: a probe that it answered counts as lost, and the network did not lose it
   *[other] { $n } datagrams came faster than udping could read them, and this host dropped them: probes that they answered count as lost, and the network did not lose those
}
queue-full = this host's send queue is full
outstanding = no answer yet for seq={ $seq }
lost-journal = { $why }; measuring continues without the journal
lost-report = { $why }; measuring continues without the report
journal-incomplete = the journal is not complete: { $why }
report-incomplete = the report is not complete: { $why }
stdout-failed-with = cannot write to standard output: { $error }
journal-has-gaps = the journal has gaps: { $n ->
    [one] { $n } record came faster than it could be written
   *[other] { $n } records came faster than they could be written
}

## Incidents: what happens to a run from outside

incident-stopped = udping was stopped for { $time } s: what arrived meanwhile was read late, and looks slower than it was
incident-stalled = the machine did not let udping run for { $time } s: what arrived meanwhile was read late, and looks slower than it was
incident-slept = the machine slept for { $time } s; that time is not counted in RTTs or timeouts
incident-clock-ahead = the wall clock was set ahead by { $time } s; RTTs do not depend on it
incident-clock-back = the wall clock was set back by { $time } s; RTTs do not depend on it
incident-moved = the way to { $server } now starts from { $address }: measuring continues from there
incident-moved-target = the target's address was { $old } and is now { $address }: probes go there
incident-next-address = the target's address { $old } cannot be used ({ $error }): probes go to { $address }
incident-network-down = the network is down ({ $error }): measuring continues as soon as it is back
incident-network-up = the network is back after { $time } s
incident-waited = waited { $time } s for { $server }
incident-otherwise = something happened to this run
meanwhile = meanwhile: { $what }
meanwhile-stopped = { $n ->
    [one] { $n } stop
   *[other] { $n } stops
}
meanwhile-stalled = { $n ->
    [one] { $n } stall
   *[other] { $n } stalls
}
meanwhile-slept = { $n ->
    [one] { $n } sleep
   *[other] { $n } sleeps
}
meanwhile-clock-set = { $n ->
    [one] { $n } clock step
   *[other] { $n } clock steps
}
meanwhile-moved = { $n ->
    [one] { $n } change of address
   *[other] { $n } changes of address
}
meanwhile-moved-target = { $n ->
    [one] { $n } change of the target's address
   *[other] { $n } changes of the target's address
}
meanwhile-network-down = { $n ->
    [one] { $n } network outage
   *[other] { $n } network outages
}
no-monitor = cannot watch for stops, clock steps and changes of address: { $error }
cannot-move = cannot continue from the new address: { $error }

## The terminal view

tui-no-terminal = --tui draws on a terminal, and this is not one: leave it out, or run it in a terminal
tui-dumb = --tui draws all over the terminal, and this one (TERM=dumb) can only print lines: leave it out
tui-no-stdout = --tui takes the terminal, so the journal cannot go to standard output: name a file
tui-not-started = cannot take over the terminal
tui-gone = the terminal is gone
tui-stuck = the terminal accepts no more output
tui-broke = the view stopped unexpectedly
tui-keys = q quit  ? help  p freeze  + - zoom  l log scale
tui-keys-frozen = q quit  ? help  p continue  (frozen: measuring continues)
fleet-target = target
view-fleet-state = state
view-fleet-over-time = RTT over time
fleet-waiting = waiting
fleet-up = up
fleet-down = outage
fleet-keys = q quit
tui-missed = { $n ->
    [one] {"  "}({ $n } decision came too fast to be counted here)
   *[other] {"  "}({ $n } decisions came too fast to be counted here)
}
tui-help =
    q, Ctrl-C   end the run, with its summary
    p, space    freeze the view, or continue it; measuring continues
    +, -        zoom the graph in or out
    l           a logarithmic scale of RTTs, or a linear one
    ?, h        open or close this help

    The graph: each column is filled up to its mean RTT, with a dot at the
    maximum. Below, × means losses in that time, ! refusals, - not sent.
    The windows are the last 10 s, 1 min and 10 min.
tui-graph = RTT in ms, a column for each { $column }
tui-marks = × lost  ! refused  - not sent
tui-log = log scale
tui-recent = recent: number, second, RTT in ms
tui-histogram = RTT in ms, how often
tui-window = last
tui-all = all
tui-replied = replied
tui-loss = loss
tui-share = { $share }% ({ $time } ms)
tui-share-server = server { $share }
tui-share-host = this host { $share }
tui-shares = mean delay: { $known }, the rest { $share }

## The journal's files

journal-exists = { $name } exists already: give it with --append to write behind it, with --overwrite to replace it, or give another name
journal-in-use = another process writes to { $name }: give another name
journal-not-created = cannot write the journal { $name }: use --journal to name one in a folder that you can write to
journal-not-written = cannot write the journal { $name }
journal-not-written-with = cannot write the journal { $name }: { $error }
journal-record-not-written = cannot write a record of the journal: { $error }
journal-no-thread = cannot start the journal's thread
journal-thread-broke = the journal's thread stopped unexpectedly
not-taken = its reader has read nothing for { $patience }
journal-not-taken = nothing is reading the journal { $name }, after { $patience } of waiting
standard-output = standard output

## The report: a line for each thing that happens

reply-bytes = { $len } bytes from{" "}
reply-from = { $server }: seq={ $seq }{" "}
reply-ttl = ttl={ $ttl }{" "}
reply-time = time={ $time } ms
reply-late = time={ $time } ms (late by { $by } ms: it stays lost)
reply-duplicate = time={ $time } ms (DUP!)
reply-elsewhere = { $from }: ignored, it is not { $server }
reply-ignored = { $server }: ignored, { $why }
reply-unverified = {" "}(unverified: it does not return the probe's timestamp, so nothing proves that it answers this probe)
reply-truncated = the reply to seq={ $seq } is truncated: { $size ->
    [one] { $size } byte
   *[other] { $size } bytes
}, fewer than its request has
reply-altered = the reply to seq={ $seq } is altered: its padding is not the request's
reply-unverified-again = {" "}(unverified)
probe-lost = no reply from { $server }: seq={ $seq } lost after { $timeout } ms, at { $at } s
probe-missed = { $n ->
    [one] { $n } slot
   *[other] { $n } slots
} missed: the probe due at { $at } s could not go out in time
probe-unsent = seq={ $seq } could not be sent
probe-refused = { $server } refused seq={ $seq } after { $time } ms: nobody is listening there
probe-unreachable = seq={ $seq } cannot reach { $server }: the network reported after { $time } ms: { $why }
probe-unreachable-by = seq={ $seq } cannot reach { $server }: { $by } reported after { $time } ms: { $why }
delivery-port = port unreachable
delivery-host = host unreachable
delivery-network = network unreachable
delivery-protocol = protocol unreachable
delivery-prohibited = administratively prohibited
delivery-hops = time to live exceeded
delivery-length = message too long
delivery-length-mtu = message too long, mtu={ $mtu }
ignored-too-old = its probe is too old
ignored-not-sent = it names a probe that was never sent
ignored-timestamp = it carries another probe's timestamp
ignored-no-number = it carries no sequence number (--match any credits such replies)
ignored-ambiguous = it carries no number, and could be the answer to a lost probe
ignored-nothing-in-flight = no probe is waiting for it
ignored-settled = its probe is already settled
ignored-kernel-rtt = the kernel's time for it is implausible
ignored-empty = it is empty
ignored-not-text = it is not text
ignored-malformed = it is not a packet of this format
ignored-unauthentic = it is not authenticated with the key
ignored-elsewhere = it came from another address or port than the server's
ignored-foreign = it does not return what its probe carried

## The report: the figures

progress = { $replied }/{ $sent } packets
progress-loss = , { $loss }% loss
progress-rtt = , min/avg/median/max = { $figures } ms
interim = at { $at } s, { $interval }; in all { $total }
window-counts = last { $span }: { $replied }/{ $whole } packets
window-unsent = , { $n } not sent
window-rtt = , min/avg/p50/p99/max = { $figures } ms
summary-title = --- { $title } ping statistics ---
summary-packets = { $sent } packets transmitted, { $replied } received{ $also }{ $loss }, time { $time }ms
summary-duplicates = , +{ $n } duplicates
summary-errors = , +{ $n } errors
summary-loss = , { $loss }% packet loss
fail-met = --fail { $condition }: { $name } is { $value }
fail-undefined = --fail { $condition }: { $name } is undefined with { $replied ->
    [one] { $replied } reply
   *[other] { $replied } replies
} in time

## One hint at the end of a run

hint-nobody = Nobody is listening on that port: start a server there, or check the port.
hint-stopped = A server was there, and stopped during the run: look there for the reason.
hint-stopped-or-lost = No probe before seq={ $first } was refused: a server took them and then stopped, or they were lost, and nobody is listening there.
hint-refused-by = The refusals come from { $by } and not from { $server }: look for a firewall or a router in its place.
hint-unnumbered = { $n ->
    [one] { $n } reply
   *[other] { $n } replies
} carried no sequence number: --match any credits such replies.
hint-ignored = { $n ->
    [one] { $n } datagram was ignored
   *[other] { $n } datagrams were ignored, all for one reason
}: { $why }.
hint-ignored-mostly = { $n } datagrams were ignored, { $most } of them for one reason: { $why }.
hint-elsewhere = { $n ->
    [one] { $n } datagram
   *[other] { $n } datagrams
} came from elsewhere, the last from { $from }: only replies from the address and port that the probes went to are credited.
address-multicast = a multicast group
address-broadcast = a broadcast address
hint-shared-answered = { $server } is { $kind }, and { $from } answered from its own address, which is not credited: ping that address.
hint-shared = { $server } is { $kind }: whoever answers does so from an address of its own, and only replies from { $server } are credited. Ping one host's address.
hint-rate-limit = Replies came at a constant rate, about { $n } a second, while more was sent: that looks like a rate limit, at the server or on the way, not like loss.
hint-untried = { $name } also has the address { $address }, which was not tried: ping that address.
hint-untried-family = { $name } also has the address { $address }, which was not tried: { $option } chooses it.

## The report: what became of probes, and their times

fate-lost = { $n } lost
fate-late = { $n } of them late
fate-refused = { $n } refused
fate-in-flight = { $n } still in flight
fate-missed = { $n ->
    [one] { $n } slot missed
   *[other] { $n } slots missed
}
fate-unverified = { $n } unverified
fate-truncated = { $n } truncated
fate-altered = { $n } altered
fate-ignored = { $n } ignored
figure-unsent = { $n } could not be sent{ $why }
figure-rtt = rtt min/avg/max/mdev = { $figures } ms
figure-percentiles = rtt p50/p90/p95/p99/p99.9 = { $figures } ms
figure-jitter = jitter (RFC 3550) = { $jitter } ms
figure-ipdv = mean |ipdv| = { $ipdv } ms
figure-timer = timer error p50/p99/max = { $figures } ms
figure-timer-of-sent = timer error p50/p99/max = { $figures } ms, of the probes sent
figure-late = late min/avg/max = { $figures } ms, { $late } of { $lost } lost
figure-loss-runs = losses in { $n ->
    [one] { $n } run
   *[other] { $n } runs
}, the longest of { $longest }
figure-refusal-runs = losses and refusals in { $n ->
    [one] { $n } run
   *[other] { $n } runs
}, the longest of { $longest }
outages = { $n ->
    [one] { $n } outage
   *[other] { $n } outages
}:
outage = at { $at } s{ $day }: { $n } probes unanswered from seq={ $first } on, { $lasted }
outage-lasted = for { $time } s
outage-to-the-end = to the end
outages-shorter = and { $n } more, of no more probes
figure-reordered = { $n ->
    [one] { $n } reply
   *[other] { $n } replies
} out of order
figure-kernel = rtt by the kernel's clock: { $n }, by this program's: { $own }
figure-discarded = , { $n } of the kernel's implausible
figure-host-added = ; this host added p50/p99 = { $added } ms
server-time = in the server min/avg/max = { $server } ms, rtt without it { $net } ms
server-lost = { $there } lost on the request path, { $back } on the reply path
server-implausible = { $n ->
    [one] { $n } reply
   *[other] { $n } replies
} with impossible server timestamps
one-way = one way, { $clocks }: outbound min/avg/max = { $there }, return { $back }
one-way-unknown = one way: unknown, since the clocks differ{ $varying }
one-way-varying = ; mean |ipdv| outbound { $there } ms, return { $back } ms
one-way-synchronised = clocks synchronised
one-way-unsynchronised = clocks unsynchronised
one-way-delay = { $figures } ms
one-way-delay-varying = { $figures } ms (mean |ipdv| { $ipdv })
server-ahead = server's clock { $offset } ms ahead, give or take { $error } ms
server-behind = server's clock { $offset } ms behind, give or take { $error } ms

## What a network does to packets

way-nothing = nothing
way-lost = { $rate } lost
way-bursts = losses in bursts
way-delay = { $delay } delay
way-jitter = ±{ $spread } jitter
way-jitter-normal = jitter of σ { $sigma }
way-jitter-mean = { $mean } jitter on average
way-twice = { $rate } duplicated
way-held = { $rate } held back by { $extra }
way-damaged = { $rate } corrupted

## serve

serve-threads-impairments = impairments depend on the order of arrival, which several threads do not share: leave out --threads
serve-listening = listening on { $address }
serve-limit = at most { $n ->
    [one] { $n } request
   *[other] { $n } requests
} a second are answered to one source
serve-limit-leaks = at most { $n ->
    [one] { $n } request
   *[other] { $n } requests
} a second are answered to one source, and of those beyond, a random quarter
serve-impairments = on the way here: { $request }; on the way back: { $reply }; seed { $seed }
serve-script = to single packets: what { $name } says
serve-script-unreadable = cannot read the script { $name }
serve-script-wrong = the script { $name } cannot be followed
serve-cannot-split = with --journal-max, full files are renamed, and this user may not in { $folder }: give a folder that it may write to, or choose another with --user
serve-script-too-long = a journal holds the script, of { $kib } KiB at most: shorten it, or leave out --journal
serve-cannot-listen = cannot listen on { $place }: { $advice }
serve-port-taken = another program has that port; choose another, or 0 for any free one
serve-port-privileged = ports below 1024 need privileges; choose a higher one
serve-no-address = this machine does not have that address
serve-one-thread = this system supports one thread only; leave out --threads
serve-another-address = choose another address
serve-no-thread = no thread to answer in
serve-thread-broke = a thread stopped unexpectedly
serve-too-many-networks = --allow can be given { $most } times at most: name larger networks
serve-no-guard-elsewhere = --no-guard works on loopback only, and on the path of `udping path`: elsewhere these checks protect others
serve-no-ttl = cannot ask for the TTL of requests
serve-cannot-receive = cannot receive any more
serve-log-lost = request { $number } from { $peer }: lost on the way here
serve-log-dropped = request { $number } from { $peer }: no answer, { $why }
serve-log-reply-lost = request { $number } from { $peer }: answered, the reply lost
serve-log-answered = request { $number } from { $peer }: { $bytes } bytes, answered
serve-dropped = no answer to { $from }: { $why } ({ $since } since the last line)
serve-summary = { $requests ->
    [one] { $requests } request
   *[other] { $requests } requests
}, { $replies ->
    [one] { $replies } reply
   *[other] { $replies } replies
}
serve-lost-here = { $n } lost on the way here
serve-lost-back = { $n ->
    [one] { $n } reply
   *[other] { $n } replies
} lost on the way back
serve-overflowed = { $n } dropped because too many were held back
serve-unsendable = { $n ->
    [one] { $n } reply
   *[other] { $n } replies
} that could not be sent
serve-rx-dropped = { $about }{ $n } that this host dropped, since its queue was full
drop-source-address = its source cannot be a host's address
drop-not-allowed = its source is not in an allowed network
drop-system-port = its source port is 0 or a system port
drop-own-port = its source port is our own
drop-reflector-port = its source port is a reflector's
drop-rate-limit = its source is over the rate limit
drop-total-limit = all sources together are over the limit
drop-echo-loop = our own reply keeps coming back
drop-malformed = it is not a request of this format
drop-unauthentic = it is not authenticated with our key
drop-reply-shaped = it has the shape of a reply
drop-session-limit = there are too many sessions
dropped-source-address = { $n } dropped for a source that cannot be a host's address
dropped-not-allowed = { $n } dropped for a network that is not allowed
dropped-system-port = { $n } dropped for their source port
dropped-own-port = { $n } dropped for coming from our own port
dropped-reflector-port = { $n } dropped for coming from a reflector's port
dropped-rate-limit = { $n } dropped by the rate limit
dropped-total-limit = { $n } dropped by the limit for all sources
dropped-echo-loop = { $n } dropped as our own replies coming back
dropped-malformed = { $n } dropped as not requests of this format
dropped-unauthentic = { $n } dropped as not authenticated
dropped-reply-shaped = { $n } dropped as replies
dropped-session-limit = { $n } dropped for lack of room for their session

metrics-at = figures for Prometheus are at { $url }
metrics-cannot-listen = cannot listen on { $address } for whoever asks for figures: choose another address
metrics-ended = nobody answers any more who asks for figures
elsewhere-no-metrics = --metrics works on Linux only
http-url = { $url } is no address of HTTP: https://HOST[:PORT]/… or http://…
no-certificate = { $name } has no certificate (PEM)
push-failed = figures were not pushed: { $why }
push-goes-on = figures are pushed to { $url } again
push-interval = OTEL_METRIC_EXPORT_INTERVAL must be a number of milliseconds
push-pairs = { $variable } must be a list as name=value,name=value
monitor-no-figures = the measuring loop does not answer
web-config-wrong = the web configuration { $name } cannot be used
web-config-hash = a user's password is not a hash of bcrypt: make one with `htpasswd -nBC 10 "" | tr -d ':\n'`
web-config-no-client-ca = client_auth_type without client_ca_file: clients cannot be checked; name the file that has their authorities
secret-open-to-all = others on this machine can read or change { $place }, which holds a secret: run `chmod o= { $place }`

confined-to = no longer root but { $account }, without privileges
confined-still-root = still root, though without its privileges: cannot become { $account }: { $error }
confined-privileges = without privileges from now on
confined-in-sandbox = in a sandbox: no file, socket or program can be opened
confined-tcp-in-sandbox = TCP in a sandbox: no file or program can be opened, and no socket except for incoming connections
confined-measuring = in a sandbox: no program can be started, and what measures writes no file
confined-no-sandbox = no sandbox: { $error }
elsewhere-no-sandbox = on this system there is none
confined-none-offered = the kernel offers none
elsewhere-no-user = on this system there is no way to become another user: leave out --user
confined-unknown-privileges = cannot tell what privileges there are
confined-keeps-privileges = cannot give up privileges
confined-may-gain = cannot rule out further privileges
confined-not-to-be-trusted = root was dropped but can be regained: this system is not safe for it
confined-cannot-become = cannot become { $account }
confined-only-root = only root can become { $account }: leave out --user
confined-no-user = there is no user { $user }: give --user an existing user
confined-cannot-look-up = cannot look up user { $user }
confined-starter = the user who started this
not-notified = the service manager at NOTIFY_SOCKET is told nothing: { $error }

serve-redact = a reflector decides by addresses, so its journal needs them: --redact needs --heartbeat without --answer
serve-threads-journal = one journal tells the order of all requests, which several threads do not share: leave out --threads
serve-tcp = also over TCP
serve-tcp-impairments = also over TCP, where a loss is turned into a delay: no segment is really lost
serve-tcp-stamp = STAMP has no TCP: leave out --tcp or --wire stamp
serve-tcp-cannot-listen = cannot listen on { $address } for TCP: another program may have that port; choose another
serve-tcp-not-served = a TCP connection from { $peer } was dropped: { $error }
serve-tcp-log-answered = TCP request { $number } from { $peer }: { $bytes } bytes, answered
serve-tcp-log-dropped = TCP request { $number } from { $peer }: no answer, { $why }
serve-tcp-summary = TCP: { $connections ->
    [one] { $connections } connection
   *[other] { $connections } connections
}, { $requests ->
    [one] { $requests } request
   *[other] { $requests } requests
}, { $replies ->
    [one] { $replies } reply
   *[other] { $replies } replies
}
serve-tcp-dropped = { $n } dropped
serve-tcp-held = { $n ->
    [one] { $n } loss turned into a delay
   *[other] { $n } losses turned into a delay
}
serve-tcp-displaced = { $n ->
    [one] { $n } connection closed to make room
   *[other] { $n } connections closed to make room
}
serve-tcp-slow = { $n ->
    [one] { $n } request
   *[other] { $n } requests
} that took too long to arrive
serve-tcp-endless = { $n ->
    [one] { $n } request
   *[other] { $n } requests
} without an end

serve-answers-paired = each --expect needs its --answer, and each --answer its --expect
serve-answer-longer = this answer can be longer than its request, so whoever forges an address could make others receive more than they send: serve it on loopback, or name whom to answer with --allow
serve-expect-wrong = in --expect { $number }
serve-answer-wrong = in --answer { $number }
serve-unanswerable = in --answer { $number }: column { $column }: --expect reads no such part; write it there too
serve-answers-too-many = { $most } pairs of --expect and --answer are the most

## serve --heartbeat

monitor-reply-impairments = nothing goes back to a client that sends heartbeats: write what happens on the way here first, as --loss 20%,0%
monitor-impairments = on the way here: { $request }; seed { $seed }
monitor-opening = A client is declared stopped after { $silence } without a new heartbeat.
monitor-opening-beats = A client is declared stopped after three times its beat without a new heartbeat, and 3 s at least.
monitor-differences = A time difference is the one-way delay plus the clock offset: only its changes are changes of the delay.
monitor-beat = heartbeat { $seq } from { $who }{ $more }{ $difference }
monitor-difference = : time difference { $difference } ms
monitor-difference-over = : time difference { $difference } ms, { $extra } ms above the minimum
monitor-late = : late, others overtook it
monitor-duplicate = : already received
monitor-too-old = : too old to tell whether it was already received
monitor-no-room = : not watched, there are too many clients already
monitor-new = new client: { $who }
monitor-new-late = new client: { $who }; whether there were heartbeats before { $seq } is unknown
monitor-missing-one = missing from { $who }: heartbeat { $seq }
monitor-missing = missing from { $who }: heartbeats { $from } to { $to } ({ $n } of them)
monitor-restart = { $who } has restarted its numbering, from { $seq }
monitor-back = { $who } is back
monitor-stopped = { $who } has stopped, or nothing gets through: no new heartbeat for { $silence } s
monitor-unreadable = not a heartbeat, from { $peer }: { $why }
monitor-title = --- heartbeat statistics ---
monitor-client = { $who }: { $n ->
    [one] { $n } heartbeat
   *[other] { $n } heartbeats
}, { $missing } missing, the last is { $last }{ $range }{ $stopped }
monitor-range = , time difference min/max = { $least }/{ $greatest } ms
monitor-no-range = , its times are not dates
monitor-client-stopped = , stopped
monitor-summary = clients: { $senders }, heartbeats: { $beats }, missing: { $missing }
monitor-sum-late = { $n } late
monitor-sum-duplicates = { $n ->
    [one] { $n } duplicate
   *[other] { $n } duplicates
}
monitor-sum-restarts = { $n ->
    [one] { $n } restart of numbering
   *[other] { $n } restarts of numbering
}
monitor-sum-stopped = { $n } declared stopped
monitor-sum-back = { $n } came back
monitor-sum-too-old = { $n } too old
monitor-sum-no-room = { $n } not watched for lack of room
monitor-sum-unreadable = { $n } not heartbeats
monitor-lost = { $n } lost on the way here, as requested
monitor-not-allowed = { $n } from networks that are not allowed

## heartbeat

beat-heading = HEARTBEAT { $name } ({ $server }): every { $interval }, { $times }
beat-times = { $n ->
    [one] once
   *[other] { $n } times
}
beat-endless = until interrupted
beat-sent = heartbeat { $seq } sent at { $at } s
beat-unsent = heartbeat { $seq } could not be sent: { $error }
beat-missed = { $n ->
    [one] { $n } slot
   *[other] { $n } slots
} missed
beat-refused = heartbeat { $seq } was refused: nobody is listening there
beat-refused-before = an earlier heartbeat was refused: nobody is listening there
beat-nobody = Nobody was listening on that port: start `udping serve --heartbeat` there, or check the port.
beat-nobody-at-times = Some heartbeats were refused: nobody was listening then. Only the other end knows whether the others arrived.
beat-one-way = Only the other end knows whether they arrived.
beat-summary = heartbeats sent: { $n }, in { $time } s
beat-sum-refused = { $n } refused
beat-sum-unsent = { $n } not sent
beat-sum-missed = { $n ->
    [one] { $n } slot missed
   *[other] { $n } slots missed
}

## compare

compare-heading = COMPARE { $name } ({ $server }): UDP, TCP with a new connection each time, TCP with one persistent connection; { $rounds }, timeout { $timeout }
compare-rounds = { $n ->
    [one] { $n } round
   *[other] { $n } rounds
}
compare-endless = no end
compare-udp = udp
compare-new = tcp new
compare-kept = tcp persistent
compare-line-time = time={ $time } ms{ $connected }
compare-line-late = time={ $time } ms{ $connected } (late by { $by } ms: it stays lost)
compare-line-duplicate = time={ $time } ms (DUP!)
compare-line-refused = refused after { $time } ms: { $why }
compare-line-unsent = could not be sent: { $why }
compare-line-lost = lost: no answer within { $timeout } ms
compare-line-truncated = truncated: { $size ->
    [one] { $size } byte
   *[other] { $size } bytes
}, fewer than its request has
compare-line-altered = altered: its padding is not the request's
compare-connected = , connected after { $time } ms
compare-no-udp = nobody is listening for UDP there
compare-no-tcp = nobody is listening for TCP there
compare-broken = the other end reset the connection
compare-closed = the other end closed the connection
compare-no-end = the answer does not end
compare-no-way = the network cannot reach it
compare-dropped = { $n ->
    [one] { $n } datagram came faster than it could be looked at, and was left out
   *[other] { $n } datagrams came faster than they could be looked at, and were left out
}
compare-title = --- { $server } compared ---
compare-column-udp = UDP
compare-column-new = TCP new
compare-column-kept = TCP persistent
compare-sent = sent
compare-answered = answered in time
compare-truncated = of which truncated
compare-altered = of which altered
compare-lost = lost
compare-late = of which late
compare-refused = refused
compare-unsent = not sent
compare-undecided = still in flight
compare-connections = connections
compare-round-trips = round trips
compare-packets = packets out/in
compare-bytes = bytes out/in
compare-retransmitted = retransmitted
compare-least = time, minimum (ms)
compare-mean = {"      "}mean
compare-median = {"      "}median
compare-p99 = {"      "}p99
compare-greatest = {"      "}maximum
compare-measured = Measured: times, from sending or connecting to the answer, and payloads. Computed: bytes, as payload plus { $ip } of IP and 8 of UDP or 20 of TCP, without options.
compare-counted = TCP packets are those that this system counted, including connection setup and teardown.
compare-not-counted = * the minimum that TCP needs, including connection setup and teardown: this system does not count packets.
compare-udp-lost = UDP: { $lost } of { $sent } had no answer in time. Nothing reports a lost datagram, and nothing retransmits it.
compare-tcp = TCP: a lost segment is retransmitted, so a loss becomes a delay.
compare-tcp-late = { $n ->
    [one] { $n } answer
   *[other] { $n } answers
} arrived after the timeout, but did arrive.
compare-tcp-none = This system retransmitted no segment; only the other end's counters tell what it retransmitted or held back.
compare-tcp-some = This system retransmitted { $n ->
    [one] { $n } segment
   *[other] { $n } segments
}; only the other end's counters tell what it retransmitted.
compare-tcp-unknown = This system does not tell how many were retransmitted.
compare-nobody-tcp = Nobody is listening for TCP on that port: start `udping serve --tcp` there, or check the port.
compare-nobody-udp = Nobody is listening for UDP on that port: start a server there, or check the port.
compare-no-udp-thread = cannot start the thread that receives

## demo

demo-stdout = the demo's report takes standard output; name a file for its journal
demo-no-journal = there will be no journal of this: { $error }
demo-no-socket = cannot open a UDP socket on loopback
demo-server-broke = the demo's server stopped unexpectedly
demo-opening =
    A server on { $server } answers as the textbook's does: in upper case, after a delay, and not always.
    Ten probes go to it over real UDP, each with one second for its reply.
demo-closing =
    Everything that happened is in { $journal }. Next, have the same state machine decide it all again:
      udping replay { $journal }
    and ask what a shorter timeout would have meant:
      udping replay { $journal } --timeout 50ms
    (From a checkout, `udping` is `cargo run --release --`.)

## simulate

merge-impossible = cannot merge { $name }
merge-no-client = this is no client's journal: give that of a measurement first, then that of `udping serve`
merge-no-server = this is no server's journal: give that of `udping serve --journal` behind the client's
merge-already = this journal is merged already: give the one that the client wrote
merge-part = this is a part of a journal that was split: join its files, the oldest first, as with `cat FILE.2 FILE.1 FILE`, and give the whole
merge-several = this journal holds several sessions: give a file that holds one. Each begins with a line {"{"}"udping":"journal"…{"}"}
merge-no-number = its requests or replies carry no number ({ $wire }), so nobody knows which probe is which at the server: measure on a wire with numbers
merge-numbers-repeat = its wire tells { $n } numbers apart, and it sent more probes, so nobody knows which is which at the server: measure fewer, or on a wire with longer numbers
merge-ambiguous = { $n } clients in it sent the same numbers, and no time tells them apart: record one session alone, or on a wire with {"{"}time{"}"}
merge-differs = its decisions are not those that are made now: `udping replay` shows the differences
merge-strangers = no datagram of { $server } carries a number and time of { $client }: they are not of one session
merge-uneven = no clock that runs evenly reads both journals' times: one machine slept, or its clock changed its pace, during the session
merge-exists = { $name } exists already: give another name with -o
merge-heading = both ends of the session with { $target }: { $n ->
    [one] the server's journal has 1 of its probes
   *[other] the server's journal has { $n } of its probes
}
merge-losses = lost on the way there: { $requests }; not answered: { $unanswered }; lost on the way back: { $replies }
merge-lost-somewhere = lost, and nobody knows where, since the server's journal is not complete: { $n }
merge-first = when the first probe went out
merge-last = when the last one did
merge-offset = the server's clock was ahead by { $offset } s ±{ $doubt } ms { $when }
merge-drift = it gained from { $least } to { $most } ppm
merge-there = there
merge-back = back
merge-server = at the server: mean { $mean } ms, largest { $most } ms
merge-way = { $what }: mean { $mean } ms, largest { $most } ms, each ±{ $doubt } ms or less
simulate-endless = an endless simulation would never print its summary; give a count with -c
simulate-impossible = this cannot be simulated
simulate-server = simulated server
simulate-script-exists = { $name } exists already: give another name with --script-out
simulate-script-not-written = cannot write the script { $name }
simulate-heading = PING in virtual time, seed { $seed }, timeout { $timeout }

## replay

replay-cannot-open = cannot open the journal { $name }
replay-impossible = cannot replay { $name }
replay-empty = it is empty: nothing was ever written to it
replay-is-capture = this is a packet capture: open it with Wireshark or tcpdump. A journal is what --journal writes
replay-is-qlog = this is a qlog, the trace of a QUIC connection: open it with qvis. A journal is what --journal writes
replay-is-irtt = this is irtt's result, not a udping journal
replay-is-packed = this is compressed with { $how }: unpack it first, with { $how } -d
replay-is-zip = this is a ZIP archive: unpack it first
replay-is-html = this is a web page: save the journal itself, not the page that shows it
replay-utf16 = it is text in UTF-16, and damaged
replay-gzip = it is compressed with gzip, and damaged
replay-zstd = it is compressed with zstd, and damaged
replay-cut-first-line = it was cut within its first line, so it holds no session
replay-line = line { $line }: { $what }
replay-line-too-long = line { $line } is longer than a megabyte: this is not a udping journal
replay-line-not-text = line { $line } is not text, from its byte { $byte } on: this is not a udping journal
replay-within = within line { $line }
replay-after = after line { $line }
replay-simulation = a simulation, by { $tool }{ $when }
replay-graded = { $program } graded on { $scenario }, by { $tool }{ $when }
replay-session = a session with { $target }, by { $tool }{ $when }
replay-comparison = a comparison of UDP and TCP with { $target }, by { $tool }{ $when }
replay-heard = heartbeats received by { $target }, by { $tool }{ $when }
replay-served-tcp = TCP: { $requests ->
    [one] { $requests } request
   *[other] { $requests } requests
}, { $replies ->
    [one] { $replies } reply
   *[other] { $replies } replies
}, { $dropped } dropped
replay-served = what was served on { $target }, by { $tool }{ $when }
replay-beats = heartbeats sent to { $target }, by { $tool }{ $when }
replay-no-fail = --fail needs the journal of a ping or a simulation
replay-no-what-if = only a ping or a simulation can be tried with another timeout: leave out --timeout
replay-no-what-if-of-part = another timeout can be asked of a whole journal only, not of a part: leave out --timeout
replay-unnamed = an unnamed server
replay-started = , started { $start }
replay-server = server
replay-session-of = session { $n }, from line { $line }
replay-verified = verified: { $decisions }, { $differences }
replay-verified-so-far = verified as far as it goes: { $decisions }, { $differences }
replay-not-verified = NOT verified: { $decisions }, { $differences }
replay-verified-in-part = verified in part: { $decisions }, { $differences }
decisions = { $n ->
    [one] { $n } decision
   *[other] { $n } decisions
}
differences = { $n ->
    [one] { $n } difference
   *[other] { $n } differences
}
replay-difference = line { $line }: recorded { $recorded }, the client decides { $decided }
replay-nothing = nothing
replay-incident = at { $time } s: { $what }
and-more = and { $n } more
replay-cut = note: the journal is cut { $place }, { $end } s into the session; only what comes before can be read
replay-next-part = note: the journal was split, and continues in part { $part }
replay-part = note: this is part { $part } of a journal that was split; { $records ->
    [one] { $records } record needs what the parts before hold, and cannot be verified
   *[other] { $records } records need what the parts before hold, and cannot be verified
}
replay-gap = note: { $dropped ->
    [one] { $dropped } record was
   *[other] { $dropped } records were
} dropped when this was written, so { $unverifiable ->
    [one] { $unverifiable } record
   *[other] { $unverifiable } records
} after that cannot be verified, and the figures are the recorded ones
replay-skipped = note: skipped { $what } that this program does not know
skipped-records = { $n ->
    [one] { $n } record
   *[other] { $n } records
}
skipped-fields = { $n ->
    [one] { $n } field
   *[other] { $n } fields
}
skipped-both = { $records } and { $fields }
what-if-title = --- with a timeout of { $timeout } instead of { $recorded } ---
what-if-replied = replied
what-if-lost = lost
what-if-late = (late)
what-if-refused = refused
what-if-unknown = unknown
what-if-recorded = recorded
what-if-then = with that timeout
what-if-change = seq={ $seq }: { $decided } instead of { $recorded }
what-if-packets = The packets are those that were sent: with another timeout, some would have been sent at other times.
what-if-nobody-knows = Unknown: nobody listened for that long, so there is no way to tell.
become-in-flight = in flight
become-replied = replied
become-lost = lost
become-late = late
become-refused = refused
become-unsent = not sent
become-unknown = unknown

## monitor

elsewhere-no-monitor = many targets at once take system calls of Linux, which this system does not have
monitor-config-unreadable = cannot read the configuration { $file }
monitor-config-line = { $file }, line { $line }: { $why }
monitor-one-file = name one configuration, or hosts
monitor-targets = { $n ->
    [one] 1 target
   *[other] { $n } targets
}
monitor-line = { $name }: sent { $sent }, lost { $lost }, refused { $refused }, unsent { $unsent }, in flight { $in-flight }; { $loss }% loss
monitor-health = this process: { $missed } slots missed, { $dropped } replies dropped by this system, { $strangers } datagrams from elsewhere
monitor-rtts = rtt { $shortest }/{ $mean }/{ $longest } ms
monitor-group-name = a group has a name
monitor-no-targets = it names no target
monitor-target-kind = a target is a text, HOST or HOST:PORT, or a table with a host
monitor-twice = the target { $name } is there twice
monitor-sd-place = file_sd has a file and http_sd has a url: a text, or a table with one
monitor-sd-empty = there is no list of targets
monitor-table = { $key } is a table
monitor-list = { $key } is a list
monitor-unknown-key = { $key } is no setting here
monitor-text = write a text, in quotation marks
monitor-true-or-false = write true or false
monitor-family = a family is "ipv4", "ipv6" or "any"
monitor-label = { $name } cannot be a label: it is letters, digits and _, does not begin with a digit or __, and is none of our own
monitor-needs-stamp = a key and the error of a clock are for STAMP: they need wire = "stamp"
monitor-no-size = a described wire says itself how long its requests are: no size
monitor-no-self = no group with mesh = true has the member { $name }: write --self as the configuration writes it
monitor-read-once = the configuration will not be read again, since this user may not ({ $error }): let it, or choose another with --user
monitor-folder-closed = this user may not write in { $folder }: let it, or choose another with --user
monitor-reloaded = targets: { $added } added, { $changed } changed, { $removed } removed
monitor-not-reloaded = the configuration before stays: { $error }
monitor-not-found = the targets found before stay: { $error }
excerpt-outage = an outage
excerpt-loss = loss has risen
excerpt-rtt = the RTT has risen
excerpt-asked = as asked for
view-monitor = all targets are at { $url }
view-monitor-gone = the monitor does not answer any more
monitor-excerpt = { $why }: the last minutes are in { $file }; udping view { $file } --at { $at }
monitor-journal-broken = { $name } ends here: what comes next does not follow from it
monitor-journal-not-written = { $name } ends here: { $error }
monitor-journals-incomplete = { $n ->
    [one] once something was not recorded: the disk was too slow
   *[other] { $n } times something was not recorded: the disk was too slow
}
monitor-unresolved = { $name }: { $error }

## path

path-instead = without it, `udping serve --tcp` with the same impairments and `udping compare 127.0.0.1` show the same, with TCP's retransmissions imitated
elsewhere-no-path = a path of its own takes the network namespaces of Linux, which this system does not have
path-no-tun = there is no /dev/net/tun: the kernel has no TUN devices, or this container was given none
path-tun-denied = this user may not open /dev/net/tun: try it as root, or as root `chmod 666 /dev/net/tun`
path-tun-unusable = cannot open /dev/net/tun: the kernel has no TUN devices
path-no-namespace = the system permits no network namespace: try it as root
path-no-networks = the system permits no network namespace: user.max_net_namespaces is 0
path-no-user-namespaces = the system permits no user namespace to this user, by user.max_user_namespaces, kernel.unprivileged_userns_clone or kernel.apparmor_restrict_unprivileged_userns: try it as root
path-confined = this process is confined, as in a container, so that it cannot make a network namespace
path-no-device = cannot set up the path's network device
path-no-server = cannot start the server
path-server-failed = the server ended with status { $code } before it listened
path-show-server = the server failed, and -v shows why
path-server-silent = the server listens on no port yet; the command starts all the same
path-server-ended = the server has ended with status { $code }
path-no-command = cannot run { $name }
path-broke = the path broke
path-not-ended = cannot end everything that was started
path-impairments = on the way there: { $request }; on the way back: { $reply }; seed { $seed }
path-counts = packets there: { $there }, lost { $there-lost }; back: { $back }, lost { $back-lost }
path-overflowed = { $n ->
    [one] { $n } more packet was lost, for there was no room left on the path
   *[other] { $n } more packets were lost, for there was no room left on the path
}

## grade

bug-late-credited = A late reply is credited to another ping
why-late-credited = A reply must be matched to its ping by its number: the one that came answered an earlier ping.
bug-timer-restarts = The timeout starts again with every datagram
why-timer-restarts = Each ping needs one absolute deadline, a second after its own sending: whatever else arrives must not move it.
bug-socket-per-ping = A new socket for every ping
why-socket-per-ping = It hides late replies, which go to a closed port, in place of recognising them: one socket is enough for all pings.
bug-loss-inverted = The loss is the share of what was received
why-loss-inverted = The loss is (sent - received) / sent.
bug-statistics = A figure is not what the pings say
why-statistics = Least, mean and greatest are those of the replies alone: divide by what was received, and leave lost pings out.
bug-crash-all-lost = It crashes when no reply came at all
why-crash-all-lost = Without a reply there is no least, mean or greatest: check that before dividing.
bug-units = The unit is wrong
why-units = The number and the unit beside it disagree by a power of ten, or a time is compared in another unit than it has.
bug-clock = The clock does not measure what passed
why-clock = Read a monotonic clock before sending and after receiving; processor time, and a clock that wraps, measure something else.
bug-no-timeout = It waits for ever for a lost reply
why-no-timeout = The timeout must be set before the first receive.
bug-refused-as-timeout = A refusal is called a timeout
why-refused-as-timeout = Nobody listens there, and the system said so at once: catch the timeout alone, and report other errors as what they are.
bug-arrival-order = Replies are numbered in the order of arrival
why-arrival-order = With several pings on their way, each needs its own time of sending, found by the number in its reply.
bug-duplicate-credited = A duplicate is credited to another ping
why-duplicate-credited = A second copy of a reply answers nothing new: match replies by number, and ignore those that are already answered.
bug-byte-comparison = A right reply is refused for its bytes
why-byte-comparison = The textbook's server answers in upper case: compare the number, not every byte.
bug-padding = A reply with NUL behind it is refused
why-padding = Servers that send all of their buffer pad with NUL: whatever stands behind the message is to be ignored.
bug-sender = A reply from somebody else is credited
why-sender = Anybody can send to a UDP socket: compare the sender's address and port with the server's, or connect the socket.
bug-fields = A packet's fields are not in their places
why-fields = In a fixed format every field has its full width, with zeros before and padding behind.
bug-tcp = It connects over TCP
why-tcp = The assignment is UDP's: a datagram socket, without a connection.
bug-count = Another number of pings
why-count = The assignment says how many pings are sent, whatever becomes of each.
bug-form = A ping has another form
why-form = The assignment says what a ping looks like, so that any server can answer it.
bug-numbers = The numbers do not go up by one
why-numbers = Each ping has the next number, so that its reply can be told from others.
bug-sent-twice = A ping is sent twice
why-sent-twice = A lost ping is not repeated: the next number follows.
bug-spacing = Pings are too close to each other
why-spacing = The assignment says how far apart pings are sent.
bug-timeout-length = A ping has not the time that it should have
why-timeout-length = Each ping has the whole timeout from its own sending, and no more.
bug-reply-called-lost = A reply that came in time is called lost
why-reply-called-lost = Whatever else arrives is to be ignored, and the wait goes on until the deadline.
bug-garbage-credited = What is no reply is credited
why-garbage-credited = Only what has the ping's number is its reply: garbage and empty datagrams are ignored.
bug-rtt-of-lost = A lost ping has a round trip
why-rtt-of-lost = No reply came, so there is nothing to measure.
bug-wrong-rtt = The round trip is wrong
why-wrong-rtt = It is the time from this ping's sending to its own reply.
bug-wrong-loss = The loss is wrong
why-wrong-loss = The loss is (sent - received) / sent, with replies in time as received.
bug-crash = It crashes
why-crash = Whatever arrives, and whatever does not, a client goes on to its end.
bug-hang = It does not end
why-hang = After the last ping and its timeout the program is to end.
bug-endless = It goes on without end
why-endless = It was stopped: many more pings, or far more time, than the assignment needs.
bug-network = It tries to reach other hosts
why-network = Nothing but the grader can be reached, so that nobody got anything; a client needs no other host.
bug-grader-files = It changes the grader's files
why-grader-files = Those in .udping-grade say who is asked for names, in this program's own copy: no client needs to write there.
bug-limits = It used more than it may
why-limits = It was stopped by a limit: processor, memory, processes, files or output.
bug-not-printed = Nothing is printed of the pings
why-not-printed = The assignment wants an RTT or a loss for each ping.
bug-no-rtt = No round trip is printed
why-no-rtt = The round-trip time of each ping that is answered is what the client is for.
bug-no-answer = The server answers nothing
why-no-answer = Whatever came before, each request is to be answered to the address that it came from.
bug-wrong-answer = A client gets the answer to another client
why-wrong-answer = Every answer goes to the sender of its own request, which the receive call names.
bug-server-died = The server ends
why-server-died = No datagram may end a server: what it cannot read it ignores, and goes on.
bug-answer-elsewhere = The server answers from another port
why-answer-elsewhere = A client takes an answer only from the address that it asked: send from the socket that received.
bug-answered-twice = The server answers a request twice
why-answered-twice = One request, one answer: a second one may be taken for the answer to the next request.
bug-slow-answer = The server answers later than a client waits
why-slow-answer = A client waits for one second: answer at once, or sleep for less.
bug-answer-changed = The server's answer is not the request
why-answer-changed = A client knows its answer by the number in it: the message goes back, in upper case or as it came.
bug-answer-repeated = The server answers with the message more than once
why-answer-repeated = The message goes back once: what it was appended to must be emptied for each request.
bug-answer-truncated = The server answers with a part of the message
why-answer-truncated = All of it goes back: as many bytes as were received, whatever came before.
bug-answer-cut = The server cuts long requests
why-answer-cut = The buffer of the receive call is too small: what does not fit is gone. The textbook's has 1024 bytes.
bug-beat-waits = It waits for an answer to a heartbeat
why-beat-waits = Nobody answers a heartbeat: it goes out, and the next one follows when it is time.
bug-beat-time = The time in a heartbeat is not when it was sent
why-beat-time = Each heartbeat carries the time of its own sending, read just before.
bug-beat-uneven = Heartbeats do not go out evenly
why-beat-uneven = A server takes silence for an end, so heartbeats must come at one distance.
bug-beat-difference = The printed difference is not the time since sending
why-beat-difference = It is the time at which the heartbeat came less the time that stands in it.
bug-beat-loss = Which heartbeats were lost is not said, or wrongly
why-beat-loss = Their numbers are those between the one that came and the one before it.
bug-beat-order = A heartbeat that was only overtaken is called lost
why-beat-order = UDP may deliver out of order: a gap is a loss only once its heartbeat had time to come, or is taken back when it does.
bug-stop-unsaid = It does not say that the sender has stopped
why-stop-unsaid = The receive call needs a timeout: where nothing comes for a while, nothing else tells that.
bug-stop-early = It calls a sender stopped that is not
why-stop-early = Only silence of several heartbeats' length is an end.
grade-no-report = cannot write { $path }
grade-no-class = name the folder of the submissions, and with -o the one for the results
grade-no-main = it is not clear what to run: name the program behind two dashes
grade-equal = the same as { $other }
elsewhere-no-grade = grading takes the namespaces of Linux, which confine the program
grade-no-scenario = there is no such scenario
grade-wire-wrong = the assignment's wire cannot be served
grade-no-terminal = the system gives no terminal
grade-no-launch = cannot start a process of the grader
grade-no-trial = a trial ended without a result
grade-no-program = name the program behind two dashes, with {"{"}host{"}"} and {"{"}port{"}"}
grade-no-assignment = cannot read the assignment { $name }
grade-assignment-word = `{ $word }` is not known there
grade-no-copy = cannot copy the program's folder: name it with --folder
grade-too-large = it has more than 4000 files or 256 MiB
grade-not-built = the build failed
grade-not-isolated = this system permits no namespaces: the program can reach the network, other processes and files; the scenarios run one after another
grade-right = nothing wrong
grade-wrong = wrong
grade-unjudged = not judged
grade-advice = advice, does not count
grade-ping = at ping { $ping }
grade-printed = printed
grade-sent = sent
grade-answered = answered
grade-done = done
grade-truth = true
grade-wanted = should be
grade-lesson = lesson: udping view, Learn, { $lesson }
grade-not-started = the program could not be started
grade-passed = Nothing wrong was found.
grade-some-unread = In { $some } of { $all } scenarios lines were not understood: --printed says what they look like.
grade-some-busy = In { $some } of { $all } scenarios this machine was too busy: try again when less is going on.
grade-failed = Something is wrong:
grade-nothing = It could not be judged.
grade-points = points
grade-most-points = points at most
grade-lesson-title = lesson
grade-output = What it printed
grade-submission = submission
grade-result = passed
grade-found = bugs
grade-advised = advice
grade-scenarios-unjudged = scenarios not judged
grade-equal-to = equal to
grade-error = error
grade-printed-last = What it printed last:
grade-printed-nothing = It printed nothing.
grade-ended = How it ended: { $status }
grade-no-lines = no line gives an RTT or a loss for a ping
grade-no-attribution = it cannot be told which line is which ping's
grade-no-unit = it cannot be told in which unit a time is
grade-no-pings = no ping was seen
grade-too-near = this machine was too late for so near a case
grade-not-repeated = what was found did not show again
grade-busy = this machine was too busy

## view

view-is-folder = { $name } is a folder, not a journal
view-address = the lab is at { $url }
view-ending = It answers this machine only. Ctrl-C ends it.
view-stays = the run is over; the lab stays at { $url } until its pages are closed, or Ctrl-C
view-listens = Whoever reaches { $ip } can open the page, and with this address the journal too, with the names and addresses in it. Nothing can be changed there; nothing is encrypted. Ctrl-C ends it.
view-no-address = { $ip } is no address that others can open; give one of this machine's own
view-no-browser = cannot open a browser ({ $error }): open that address yourself
view-broke = the lab's server stopped unexpectedly
view-cannot-listen = cannot listen on { $address }
view-port-taken = cannot listen on { $address }: choose another port, or leave --port out
view-other-port = port { $usual } is taken, so the lab is on { $port }; what the browser saved for the other port is not seen here
view-no-port = ports { $first } to { $last } are all taken; choose one with --port
view-foreign-name = this server does not answer under that name
view-no-journal = there is no such journal
view-no-page = there is no such page
view-journal-unreadable = cannot read the journal: { $error }
view-absent = this udping was built without the browser lab; in a checkout, `cargo xtask view{ $file }` builds the page, puts it into the command and opens it
view-flag-absent = this udping was built without the browser lab; in a checkout, `cargo xtask web` builds the page and `cargo build --release -p udping --features lab` puts it into the command
