### The lab's words. Both languages hold the same messages with the same
### variables: the build checks it.

## The frame

title-of = { $what } · udping lab
skip = Skip to the diagram
rooms =
    .aria-label = Rooms
room-replay = Replay
room-simulate = Simulate
room-learn = Learn
share = Share
export = Export
export-more =
    .aria-label = What to export
export-run = Journal
export-run-note = Every decision, as udping simulate --journal writes it.
export-script = Script
export-script-note = What became of each packet, as udping simulate --script-out writes it: udping serve --script does the same on real sockets.
language = Language
theme = Colours
theme-auto = System colours
theme-light = Light
theme-dark = Dark
help-button =
    .aria-label = Help and keys
close = Close
cancel = Cancel
setup-panel =
    .aria-label = Setup
stage-panel =
    .aria-label = The run
side-panel =
    .aria-label = Chosen probe
strip-panel =
    .aria-label = Time

## Simulate: the form

setup = Setup
presets =
    .aria-label = Ready-made networks
preset-campus-lan = Campus LAN
preset-home-wifi = Home Wi-Fi
preset-satellite = Satellite
preset-textbook = Textbook, 30 % loss
preset-always-late = Always 1.3 s late
field-count = Probes
field-timeout = Timeout
field-schedule = Sending
schedule-stop-and-wait = One at a time
schedule-paced = At fixed intervals
schedule-window = Several in flight
schedule-on-demand = On demand
field-gap = Pause between probes
field-interval = Interval
field-window = Probes in flight
way-request = To the server
way-reply = On the way back
field-loss = Loss
field-loss-in-burst = Loss in a burst
field-delay = Delay
field-jitter = Jitter
more-way = More
field-shape = Jitter’s shape
shape-uniform = Uniform, ± around the delay
shape-normal = Bell curve (σ)
shape-exponential = Queue: exponential (mean)
shape-log-normal = Long tail: log-normal (σ)
field-mean = Mean of the tail
field-loss-kind = Losses come
loss-independent = one by one
loss-bursty = in bursts
field-enter = A burst begins
field-leave = A burst ends
field-good = Loss between bursts
field-duplicate = Duplicated
field-reorder = Held back
field-hold = Held back by
field-corrupt = Corrupted
more-session = More
field-late-window = Late replies recognised for
late-window-box =
    .placeholder = timeout
field-wire = Wire
field-size = Padded to
field-service = Server’s own time
field-seed = Seed
new-seed = New
seed-note = The same seed gives the same run, here and in udping simulate.
simulate-command = The same run in a terminal
simulate-command-note = The flags cannot say all of this run: export its journal, which udping replay reads.
copy-command = Copy
wrong-number = { $field }: “{ $value }” is not a number from { $least } to { $most }.
wrong-scenario = This setup cannot be simulated: { $what }.

## Replay: the journal

journal = Journal
replay-intro = A journal is the record of a real run. udping writes one for you to open here:
sample = Open a sample journal
drop-here = Drop a journal here: the file that udping --journal writes.
drop-now = Drop it to open the journal
pick-file = Choose a file
file-input =
    .aria-label = Journal file
replay-simulated = Use the simulated run
open-simulated = Open it in Simulate
record-again = The command that would record it again
stays-here = It is read here, in this page. Nothing is sent anywhere.
loading = Reading the journal
loading-progress = { $megabytes } MB · { $probes ->
    [one] { $probes } probe
   *[other] { $probes } probes
}
simulating = Simulating
exporting = Writing the journal
simulating-progress = { $probes } of { $all } probes
simulating-failed = The simulation stopped unexpectedly: { $what }
loaded = { $probes ->
    [one] { $probes } probe
   *[other] { $probes } probes
} opened from { $name }.
cancelled = Cancelled. What was open before is still open.
load-failed = { $name } cannot be opened.
load-failed-line = { $name } cannot be opened: line { $line }.
load-failed-column = { $name } cannot be opened: line { $line }, column { $column }.
live-name = the run being measured
live-connecting = Connecting
live-catching-up = Catching up
live-read = { $megabytes } MB
live-on = Live
live-rate = { $rate }/s · newest { $age } s ago
live-follow = Follow (End)
live-lost = Connection lost; trying again
live-failed = Not followed any more:
live-verified = Ended · verified
live-differs = Ended · differs
live-ended = Ended
live-so-far = So far: { $decisions ->
    [one] { $decisions } decision made again, with the same result
   *[other] { $decisions } decisions made again, with the same results
}
live-so-far-note = The run is still being measured. What has come is decided again by the core as it is read.
log-elsewhere = The link names a journal on another site. Only this page’s own site is read.
log-unreachable = The journal { $name } could not be fetched: { $what }.
facts = Facts
facts-probes = { $probes ->
    [one] { $probes } probe
   *[other] { $probes } probes
}
fact-name = File
fact-target = Target
fact-start = Started
fact-schedule = Sending
fact-figures = Figures
fact-silence = Longest silence
fact-traffic = { $trips } round trips; packets { $out } out, { $in } in; bytes { $up } out, { $down } in
fact-beats = { $sent } sent, { $refused } refused, { $missed } slots missed
fact-served = datagrams { $received }; answered { $answered }; not answered { $dropped }; lost on the way here { $there }, on the way back { $back }
fact-watched = clients { $senders }; heartbeats { $beats }; missing { $missing }; declared stopped { $stopped }
way-udp = UDP
way-tcp-new = TCP, a new connection each time
way-tcp-kept = TCP, one persistent connection
fact-timeout = Timeout
fact-probes = Probes
fact-tool = Written by
fact-clock = Clock
fact-kind-simulation = a simulation
verified = Verified: { $decisions ->
    [one] { $decisions } decision
   *[other] { $decisions } decisions
}, 0 differences
verified-so-far = { $seq ->
    [0] Verified as far as it goes; the end is missing
   *[other] Verified up to #{ $seq }; the end is missing
}: { $decisions ->
    [one] { $decisions } decision
   *[other] { $decisions } decisions
}, 0 differences
verified-note = The core has just made every decision again and reached the same result.
differs = { $differences ->
    [one] { $differences } difference
   *[other] { $differences } differences
} in { $decisions ->
    [one] { $decisions } decision
   *[other] { $decisions } decisions
}
not-verifiable = Not all of it can be verified: { $records ->
    [0] a record is missing
    [one] { $records } record follows a gap
   *[other] { $records } records follow a gap
}
differs-note = In these places the core decides differently. Either the file was changed, or another version of the core wrote it.
difference = Line { $line }: the journal says “{ $recorded }”, the core decides “{ $decided }”
difference-nothing = nothing
difference-more = and { $count } more
recent = Recent
recent-note = Kept in this browser only: { $all } of { $most } MB at most.
recent-size = { $megabytes } MB
recent-remove = Remove
    .aria-label = Remove { $name } from the list
recent-clear = Clear all
recent-gone = To make room, this browser no longer keeps: { $names }.
recent-too-large = The journal is too large to be kept: after a reload, open its file again.
recent-refused = This browser keeps no journals, as in a private window: after a reload, open the file again.
recent-missing = This browser does not keep that journal (any more): open its file again.
missing-data = What this journal does not say
missing-nothing = Nothing is missing from it.
what-if = What if the timeout had been …
what-if-handle =
    .aria-label = Timeout to try
what-if-less =
    .aria-label = Shorter timeout
what-if-more-time =
    .aria-label = Longer timeout
what-if-legend =
    .aria-label = Areas of the curve
what-if-probes =
    .aria-label = Probes that change
what-if-unasked = Records are missing from this journal: what another timeout would have meant cannot be decided.
as-recorded = as recorded
what-if-counts = { $timeout }: { $replied } replied, { $lost } lost, { $late } of them late, { $unknown } unknown.
what-if-recorded = as recorded: { $replied } replied, { $lost } lost, { $unknown } unknown; { $late ->
    [0] none of the lost came late.
    [one] { $late } of the lost came late.
   *[other] { $late } of the lost came late.
}
what-if-saves-all = the smallest that saves all that is known: { $replied } replied, { $lost } lost, { $unknown } unknown. The slowest reply took { $slowest }.
what-if-enough = would have been enough: the slowest reply took { $slowest }.
what-if-certain = beyond this, { $unknown ->
    [one] { $unknown } is unknown: nobody listened longer.
   *[other] up to { $unknown } are unknown: nobody listened longer.
}
what-if-asked = { $replied } replied, { $lost } lost, { $late } of them late, { $unknown } unknown.
what-if-changes = { $changes ->
    [0] At { $timeout }, no reply counts otherwise.
    [one] At { $timeout }, { $changes } changes from { $was } to { $outcome }:
   *[other] At { $timeout }, { $changes } change from { $was } to { $outcome }:
}
what-if-more = and { $count } more
what-if-show = Show the run at { $timeout }
what-if-title = What if: timeout { $timeout }
what-if-title-recorded = As recorded: timeout { $timeout }
what-if-decided = decided again by the same core: { $changes ->
    [one] { $changes } of { $probes } probes changed
   *[other] { $changes } of { $probes } probes changed
}
what-if-deciding = The core decides again …
what-if-switch-group =
    .aria-label = Which run is shown
what-if-switch-recorded = Recorded { $timeout }
what-if-switch = What if { $timeout }
what-if-limits = What was not sent was not recorded: the beat cannot be asked.
what-if-wrong = No client accepts that timeout: { $what }.

## The run

views =
    .aria-label = Views
view-sequence = Sequence
view-events = Events
view-probes = Probes
view-figures = Figures
legend =
    .aria-label = Legend
client = client
client-unseen = client (not seen)
server = server
server-unseen = server (not seen)
server-about = server (± { $error })

## Both ends of a merged journal

part-there = there
part-dwell = dwell
part-back = back
part-lost = lost
both-title = Probe { $seq }
both-title-rtt = Probe { $seq }: where its { $span } went
both-when = client’s clock
both-took = took
both-t1 = T1 sent
both-t2 = T2 at server
both-t3 = T3 left server
both-t4 = T4 reply in
both-about = { $at } ± { $doubt }
both-why-replied = The server held it for { $dwell }. Without that time the path took { $path }.
both-why-request = It never reached the server: it was lost on the way there.
both-why-server = It reached the server, which did not answer it.
both-why-reply = The server answered it after { $dwell }. The reply was lost on the way back.
both-why-reply-at-once = The server answered it. The reply was lost on the way back.
both-sure = How sure are these times?
both-clock = The server’s clock is laid on the client’s. The fastest exchange, #{ $seq }, leaves the offset uncertain by ± { $doubt }, half its { $way } on the way.
both-clock-here = All exchanges together, with clocks that drift, leave ± { $doubt } at #{ $seq }: the hatched bands.
both-clock-free = Dwell and round trip do not depend on it.
both-clock-unknown = No reply came, so nothing says where the server’s clock stands: its times are not drawn.
both-whole = Whole run
both-median = median
both-largest = largest
both-lost = lost
both-lost-somewhere = { $count } lost where nobody knows: the server’s journal has gaps.
both-legend-doubt = clock uncertainty
both-legend-dwell = server dwell

empty-simulate = Nothing has happened yet. Play, or step forward.
ladder-name = Sequence diagram at { $at }: { $sent ->
    [one] { $sent } probe sent
   *[other] { $sent } probes sent
}, { $replied } replied, { $lost } lost, { $flight } in flight. The event table has the same in words.
left-out = { $count ->
    [one] { $count } packet is
   *[other] { $count } packets are
} too close together to draw; zoom in to see them.
label-beat = beat { $seq }
beat-title = Heartbeat { $seq }
label-missing-one = missing: { $seq }
label-missing = missing: { $from } to { $to }
label-silent = stopped?
label-late = late, { $span }
label-spare = { $span } to spare
label-past = { $span } after its deadline
label-was = was { $outcome }
label-lost-request = lost on the way there
label-lost-reply = lost on the way back
label-never-reached = never reached it
label-not-answered = not answered
label-lost = lost
label-to-go = { $span } to go
label-waiting = waiting, { $span } so far
label-duplicate = duplicate
label-ignored = ignored
label-refused = refused
label-unsent = not sent
label-acted-drop = you dropped it
label-acted-delay = you delayed it
label-acted-copy = you copied it
label-acted-corrupt = you corrupted it
pause-timeout = waiting for #{ $seq }’s timeout
pause-due = nothing due until { $at }
pause-listening = listening for late replies
pause-quiet = nothing happens
pause-timeout-brief = #{ $seq }’s timeout
pause-due-brief = until { $at }
pause-listening-brief = late replies
now = now { $at }
timer-deadline = Deadline of probe { $seq } in { $span }
timer-late-window = Late replies to probe { $seq } recognised for { $span } more
timer-due = Next probe due in { $span }

## Marks

outcome-in-flight = in flight
outcome-replied = replied
outcome-lost = lost
outcome-late = late
outcome-duplicate = duplicate
outcome-ignored = ignored
outcome-refused = refused
outcome-unsent = not sent
outcome-unknown = unknown
differs-symbol = ≠
    .aria-label = differs

## Events

filter-bar =
    .aria-label = Filter
filter-text = Filter probes and events
filter-box =
    .placeholder = late or rtt>30 or seq:30-40
filter-clear =
    .aria-label = Clear the filter
    .title = Clear the filter
filter-words =
    .aria-label = What could follow
filter-help-button =
    .aria-label = What can be filtered by
    .title = What can be filtered by
filter-help =
    .aria-label = What can be filtered by
filter-help-title = Filter
filter-help-rule = It finds probes, with everything that happened to them. The table leaves out what is not found; ladder and plot dim it. Click an example to try it.
filter-help-examples = Examples
filter-help-facts = What became of a probe
filter-help-fields = Fields
filter-help-signs = Signs and values
filter-help-joining = Terms side by side must hold together, like “and”; “or” needs one of them; “not”, “!” or “-” before a term turns it round; parentheses group. Comparisons are “:” or “=”, “!=”, “<”, “<=”, “>” and “>=”.
filter-help-values = Durations take ns, us, ms, s or min; without a unit, milliseconds, and of “at” and “sent” seconds. A range is “30-40” or “30..40”, open as “30..”. Numbers can be listed: “3,5,9”. A single duration finds what rounds to it: “rtt:22.5ms”.
filter-example-slow = late, or RTT over 30 ms
filter-example-never = never answered
filter-example-range = probes 30 to 40
filter-example-list = these three
filter-example-minus = all but the replied ones
filter-example-order = overtaken, or answered more than once
filter-example-group = trouble after 1.5 s
filter-example-event = only the sending, in the first second
filter-replied = answered in time
filter-lost = no reply by the deadline, late ones included
filter-late = answered after the deadline
filter-duplicate = answered more than once
filter-reordered = reply overtaken by a later probe’s (RFC 4737)
filter-ignored = something that named it was ignored
filter-refused = the network said nobody listens
filter-unsent = could not be sent
filter-in-flight = not settled when the run ended
filter-differs = the core decides otherwise
filter-seq = number of the probe; a number alone will do
filter-rtt = round-trip time, of late replies too
filter-sent = when the probe was sent
filter-at = when the event happened
filter-line = the journal’s line of the event
filter-there = to the server, where it tells its times
filter-server = in the server, where it tells its times
filter-back = back from the server, where it tells its times
filter-event = events of one kind
filter-and = both must hold
filter-or = one must hold
filter-not = must not hold
filter-number = a number, a range or a list
filter-span = a duration or a range
filter-time = a moment or a range
exports = Export
exports-what =
    .aria-label = Export what is found
export-journal = Journal, as an excerpt
export-csv = CSV, a line for each probe
export-ladder-svg = Diagram as SVG
export-ladder-png = Diagram as PNG
export-plot-svg = Plot as SVG
export-plot-png = Plot as PNG
exports-all = The whole run: filter, or select a range in the plot, to export a part.
exports-found = { $probes ->
    [one] { $probes } probe
   *[other] { $probes } probes
} found by the filter. What a journal leaves out is counted in it as gaps.
exports-range = From { $from } to { $until }.
exported-file = Exported as { $name }.
export-failed = It could not be exported: { $what }
filter-searching = Searching …
filter-probes = { $probes ->
    [one] { $probes } probe
   *[other] { $probes } probes
}
filter-probes-of = { $probes } of { $all ->
    [one] { $all } probe
   *[other] { $all } probes
}
filter-events = { $events ->
    [one] { $events } event
   *[other] { $events } events
}
filter-events-of = { $events } of { $all ->
    [one] { $all } event
   *[other] { $all } events
}
fact-reordered = reordered
fact-differs = differs
query-wrong = Column { $column }: { $what }
events-grid =
    .aria-label = Events. Up and down choose one and go to its time.
probes-grid =
    .aria-label = Probes. Up and down choose one and go to its outcome.
col-seq = #
col-sent = Sent
col-outcome = Outcome
col-rtt = RTT
col-there = There
col-server = Server
col-back = Back
col-time = Time
col-event = Event
col-probe = Probe
col-detail = Detail
event-heard = heartbeat
event-received = received
event-answered = answered
event-not-answered = not answered
event-transmitted = answer sent
event-silent = silence
event-incident = meanwhile
event-sent = sent
event-reflected = at the server
event-unanswered = dropped by the server
event-dropped = packet lost
event-replied = replied
event-late = late reply
event-duplicate = duplicate
event-ignored = ignored
event-lost = lost
event-missed = slot missed
event-refused = refused
event-unsent = not sent
event-kernel-rtt = kernel stamp
event-intervened = you acted
event-stopped = stopped
event-done = finished
event-gap = records missing
detail-rtt = RTT { $span }
detail-unverified = RTT { $span }, unverified
detail-late = { $span } after it was sent; it stays lost
detail-duplicate = { $span } after it was sent
detail-deadline = deadline { $at }
detail-due-late = due at { $at }
detail-dropped-request = on the way to the server
detail-dropped-reply = on the way back
detail-missed = { $slots ->
    [one] { $slots } slot
   *[other] { $slots } slots
}
detail-refused = after { $span }
detail-kernel-rtt = { $span } between the kernel’s timestamps
detail-gap = { $dropped ->
    [one] { $dropped } record
   *[other] { $dropped } records
}
detail-difference = time difference { $span }
detail-missed-packet = the packet was no longer in flight
detail-ways = there { $there }, in the server { $server }, back { $back }
detail-ways-about = there about { $there }, in the server { $server }, back about { $back }
detail-line = line { $line }
ignored-too-old = too old
ignored-not-sent = no such probe
ignored-timestamp-mismatch = carries another probe’s timestamp
ignored-no-sequence = carries no number
ignored-ambiguous = could answer a lost probe too
ignored-nothing-in-flight = nothing in flight
ignored-already-settled = probe already settled
ignored-bad-kernel-rtt = kernel’s interval implausible
ignored-empty = empty
ignored-not-text = not text
ignored-malformed = malformed
ignored-unauthentic = not authenticated
ignored-foreign = does not return what its probe carried
ignored-elsewhere = from another address or port than the server’s
ignored-no-reason = reason not on record
stopped-signal = by a signal
stopped-deadline = the run’s time was up
stopped-closed-pipe = the output was closed
stopped-failure = the network failed
stopped-replies = enough replies had arrived
stopped-excerpt = it went on; this is an excerpt

## Figures

headline =
    .aria-label = Figures at the cursor and of the whole run
headline-median = median
headline-jitter = jitter
figures-at = at { $at }
figures-whole = whole run
figure-sent = sent
figure-replied = replied
figure-lost = lost
figure-late = of which late
figure-in-flight = in flight
figure-median = median RTT
figure-jitter = jitter (RFC 3550)
histogram = How often each RTT occurred
cumulative = How many RTTs do not exceed a value
cumulative-name = Cumulative curve of { $replies } RTTs up to now; { $range } in the selected range.
histogram-none = No reply yet: no RTTs to show.
histogram-name = Histogram of { $replies ->
    [one] { $replies } RTT
   *[other] { $replies } RTTs
}: median { $median }, 95 % at most { $p95 }, maximum { $most }.
figure-unverified = of which unverified
figure-loss = packet loss
figure-refused = refused
figure-unsent = not sent
figure-missed = slots missed
figure-duplicates = duplicates
figure-ignored = ignored
figure-rtt-min = minimum RTT
figure-rtt-mean = mean RTT
figure-rtt-max = maximum RTT
figure-rtt-deviation = standard deviation σ
figure-p90 = 90 % at most
figure-p95 = 95 % at most
figure-p99 = 99 % at most
figure-late-range = late RTTs
range = { $least } to { $most }
figure-ipdv = difference between consecutive RTTs (mean |IPDV|)
figure-reordered = reordered
figure-runs = longest run of losses
figure-kernel = RTTs by the kernel’s clock
figure-decided = median by the program’s clock
figure-host = median added by this host
figure-server = in the server, on average
figure-rtt-net = RTT without it, on average
figure-there = outbound delay, on average (clocks synchronised)
figure-there-unsynchronised = outbound delay, on average (clocks unsynchronised)
figure-back = return delay, on average (clocks synchronised)
figure-back-unsynchronised = return delay, on average (clocks unsynchronised)
figure-offset = the server’s clock is ahead by
offset = { $ahead } ± { $error }
figure-lost-there = lost on the request path
figure-lost-back = lost on the reply path
figure-implausible = with impossible server timestamps
figure-part-there = there, median (whole run)
figure-part-dwell = in the server, median (whole run)
figure-part-back = back, median (whole run)
figure-part-doubt = there and back are uncertain by ±
figure-part-lost-there = lost on the way there (whole run)
figure-part-unanswered = not answered by the server (whole run)
figure-part-lost-back = lost on the way back (whole run)

## The chosen probe

probe-title = Probe { $seq }
probe-none = No probe yet
probe-previous = Previous
    .aria-label = Previous probe
probe-next = Next
    .aria-label = Next probe
probe-follow = Follow the latest
state-due = Due
state-waiting = Waiting
state-replied = Replied
state-lost = Lost
state-late = Late
state-refused = Refused
state-unsent = Not sent
machine-name = State machine of probe { $seq }: { $state }.
jumps =
    .aria-label = Next and previous of a kind
jump-late-previous =
    .aria-label = Previous late probe (Shift L)
    .title = Previous late probe (Shift L)
jump-late-next =
    .aria-label = Next late probe (L)
    .title = Next late probe (L)
jump-lost-previous =
    .aria-label = Previous lost probe (Shift X)
    .title = Previous lost probe (Shift X)
jump-lost-next =
    .aria-label = Next lost probe (X)
    .title = Next lost probe (X)
jump-duplicate-previous =
    .aria-label = Previous probe answered twice (Shift U)
    .title = Previous probe answered twice (Shift U)
jump-duplicate-next =
    .aria-label = Next probe answered twice (U)
    .title = Next probe answered twice (U)
jump-reordered-previous =
    .aria-label = Previous reordered probe (Shift O)
    .title = Previous reordered probe (Shift O)
jump-reordered-next =
    .aria-label = Next reordered probe (O)
    .title = Next reordered probe (O)
jump-none-after = There is none after it.
jump-none-before = There is none before it.
moment = When
moment-at = At
moment-since = since sent
moment-sent = T1 sent
moment-reached = T2 at the server
moment-answered = T3 left the server
moment-arrived = T4 reply came
moment-deadline = deadline
moment-again = reply again
moment-refused = refused
ways = { $there } there, { $server } in the server, { $back } back: both ends have one clock, or say that theirs are synchronised.
ways-unsynchronised = { $there } there and { $back } back, each ± { $error }: the clocks are not synchronised, the server’s is laid on the client’s. { $server } in the server.
ways-unknown = T2, T3: not in this reply, so where the time went is unknown.
ways-impossible = T2, T3: the server gave times that cannot be.
ways-kernel = The kernel saw { $span } between its timestamps.
ways-about = There and back are ± { $error }: the clocks are not synchronised.
records = As recorded
records-simulated = As its journal records it
records-list =
    .aria-label = Records of this probe
records-copy = Copy
    .aria-label = Copy the records
probe-link = Copy link
records-copied = Records copied.
copy-refused = The browser did not allow copying.
datagrams = Bytes of its packets
datagram-request = request, { $bytes } bytes
datagram-reply = reply, { $bytes } bytes
in-flight = In flight
packet = Packet
arrives = Arrives
packets-none = No packet is in flight now.
packets-unseen = A journal says when probes wait, not where their packets are.
packet-request = ping { $seq } →
packet-reply = ← reply { $seq }
packet-request-copy = copy of ping { $seq } →
packet-reply-copy = ← copy of reply { $seq }
packet-wait = reply to { $seq }
packet-in = in { $span }
packet-doomed = lost in { $span }
packet-until = deadline in { $span }
act-drop = Drop
act-delay = Delay
act-copy = Duplicate
act-corrupt = Corrupt
intervene-on =
    .aria-label = Act on { $packet }
acted-drop = { $packet } dropped at { $at }
acted-delay = { $packet } delayed at { $at }
acted-copy = { $packet } duplicated at { $at }
acted-corrupt = { $packet } corrupted at { $at }
act-recorded = A recorded session cannot be changed.
act-not-in-flight = That packet is no longer in flight.
act-too-many = The page holds no more: { $branches } branches and { $probes } probes in all of them. Delete a branch first.
menu-close =
    .aria-label = Close the menu
branches = Branches
branch = Branch
branch-outcome = Replied
branch-main = main
branch-outcome-value = { $replied } of { $sent }
branches-note = Acting on a packet starts a branch, and so does another condition. Nothing is lost: what is deleted, Undo brings back.
undo =
    .aria-label = Undo
    .title = Undo (Ctrl+Z)
redo =
    .aria-label = Redo
    .title = Redo (Ctrl+Shift+Z)
undo-group =
    .aria-label = Undo and redo
undone = Undone.
redone = Done again.
undo-nothing = There is nothing to undo.
redo-nothing = There is nothing to do again.
branch-rename = Rename
branch-delete = Delete
branch-deleted = Deleted: { $name }. Undo brings it back.
branch-name = Name of the branch
branch-name-note = Without a name, a branch is called after what made it.
save = Save
changed-count = { $count ->
    [one] { $count } probe
   *[other] { $count } probes
    }
changed-delay = { $way }: delay { $span }
changed-loss = { $way }: loss { $share }
changed-other = other conditions
changed-seed = seed { $seed }
changed-timeout = timeout { $span }
changed-way = { $way }: other conditions
compare = Compare
pick-compared = Compare with a journal…
compare-file =
    .aria-label = Journal to compare with
compare-bar =
    .aria-label = Comparison
compare-by-probe = By probe
compare-by-time = By time
compare-swap = Swap
compare-off =
    .aria-label = End the comparison
compare-words = In words
compare-rows =
    .aria-label = Probe by probe
compare-name = { $a } and { $b } over { $count } sequence numbers: the RTTs of each, what was lost, and where they differ.
compare-alone = { $probes } in { $run } only
compare-ended = ended at { $at }
compare-of = { $count } of { $all }
compared-with = { $name } lies beside it, probe by probe.
branch-client = client
branch-server = server’s view
branch-right = right client
branch-program = the graded program
branch-what-if = what if { $span }
found-fates = { $count } { $left } in A, { $right } in B
found-late = { $count } of them came late in { $run }
found-only = { $count } in { $run } only
found-ended = { $run } ended after { $probes } probes
found-median-lower = B’s median is { $by } lower, { $b } against { $a }; of the { $both } both replied to in time, { $right } were faster in B, { $left } in A.
found-median-higher = B’s median is { $by } higher, { $b } against { $a }; of the { $both } both replied to in time, { $right } were faster in B, { $left } in A.
found-median-same = Both medians are { $b }; of the { $both } both replied to in time, { $right } were faster in B, { $left } in A.
found-same = Same: { $facts }.
found-other = { $what }: { $left } in A, { $right } in B.
fate-replied = replied
fate-late = late
fate-lost = lost
fate-refused = refused
fate-unsent = not sent
fate-undecided = undecided
pair-faster = { $run } is { $span } faster
pair-fates = { $left } in A, { $right } in B
pair-only = in { $run } only
differences-title = Against { $branch }
differences-none = No probe’s outcome differs.
difference-probe = ping { $seq }: { $left } → { $right }
difference-rtt = { $outcome } after { $span }
difference-absent = not sent
forked = New branch: { $name }.
measure = Measure
measure-from = Measure from here
measure-to-here = Choose another event to measure to.
measure-off = Clear
measure-none = Choose an event, then measure from it to another.
measured = { $span } from { $from } to { $until }: { $events ->
    [0] no event
    [one] { $events } event
   *[other] { $events } events
} between, { $sent } sent, { $lost } lost.
measure-end = { $what } at { $at }

## Time

transport =
    .aria-label = Playback
first =
    .aria-label = To the start
    .title = To the start
back =
    .aria-label = One event back
    .title = One event back
forward =
    .aria-label = One event forward
    .title = One event forward
last =
    .aria-label = To the end
    .title = To the end
play = Play
pause = Pause
speed = Speed
speed-times = { $speed } ×
run-group =
    .aria-label = Run to
run-until = Run to
until-loss = the next loss
until-replied = the next reply
until-late = the next late reply
until-duplicate = the next duplicate
until-ignored = the next ignored reply
until-timer = the next timer
until-seq-value = probe number …
until-seq = Probe number
run = Run
until-stop = Stop there
    .title = Playing stops there too
run-none = That does not happen again in this run.
scrub =
    .aria-label = Time in the run
scrub-value = { $at }, { $what }
scrub-start = { $at }, nothing has happened yet
step-said = { $at }: { $what }
step-probe = probe { $seq } { $what }
paused-at = Paused at { $at }
reached-end = End of the run, { $at }
beats-name = Heartbeats over the run
rtt-name = Round-trip times over the run: { $replied ->
    [one] { $replied } reply
   *[other] { $replied } replies
}, { $lost } lost, { $late } late.
timeout-line = timeout { $span }
timeout-recorded-line = recorded { $span }
rail = not in time
loss-strip = loss
plot-title = Round trips over time
plot-log = Log
    .title = RTTs by their logarithm
plot-left =
    .aria-label = Earlier
plot-right =
    .aria-label = Later
plot-keys =
    .aria-label = Samples. Left and right go from one to the next, Enter chooses it.
plot-hint = Drag selects a range. Wheel or pinch zooms at the pointer, Shift and drag pans: so do W, S, A and D.
range-group =
    .aria-label = Range of time
range-from = Range from now
range-to = Range to now
range-card =
    .aria-label = Selected range
range-title = { $from } to { $until } ({ $span }): { $sent } sent
range-replied = { $replied } replied
range-lost = { $lost } lost ({ $share }), late { $late }, duplicates { $duplicates }
range-rtts = median { $median } · p90 { $p90 } · p99 { $p99 }
range-zoom = Zoom to it
range-off = Clear
hover-title = #{ $seq } { $what } at { $at }
bucket-title = { $from } to { $until }
fact-sent = sent
fact-sent-after = { $at }, { $late } after it was due
fact-t1 = T1 sent
fact-t2 = T2 at the server
fact-t3 = T3 left the server
fact-t4 = T4 reply in
fact-ways = there, held, back
fact-ways-value = { $there }, { $held }, { $back }
fact-deadline = deadline
fact-deadline-value = { $at }, after { $span }
fact-rtt = RTT
fact-rtt-program = { $span } by the program’s clock
fact-rtt-kernel = { $span } by the kernel’s timestamps
fact-again = again
fact-again-value = after { $span }
fact-size = size
fact-size-value = { $bytes } bytes
fact-bytes = its bytes
fact-verified = return the probe’s timestamp
fact-unverified = do not return its timestamp
fact-line = line of the journal
fact-extent = RTTs
zoom-plot =
    .aria-label = Zoom of the plot
zoom-diagram =
    .aria-label = Zoom of the diagram
zoom-in =
    .aria-label = Zoom in
zoom-out =
    .aria-label = Zoom out
scroll-up =
    .aria-label = Scroll up
scroll-down =
    .aria-label = Scroll down
zoom-linear = Linear time
zoom-all = Whole run

## Sharing

share-note = This link holds all branches, what you did to packets, the comparison, and this moment. Nothing is stored on a server.
share-too-long = These branches are too long for a link. Save them as a file: dropped on this page, it opens the same.
save-state = Save as a file
share-recorded = This page does not put a recorded session into a link: share the journal itself, or put it next to this page and share #log=NAME.
share-link = Link
copy = Copy
copied = Link copied.
copied-command = Command copied.
copy-failed = The browser did not allow copying. The link is selected: press Ctrl+C.
exported = Journal exported as { $name }.
link-too-long = The link is too long: this page does not make such links.
link-newer = The link was made by a newer version of this page ({ $version }).
link-older = The link is older than the first release: this page does not read it any more.
link-damaged = The link was cut or changed on its way: { $what }.

## Help

help-title = Help and keys
help-intro = Choose a network and play it, or open a journal. Every packet in flight can be dropped, delayed, duplicated or corrupted: that starts a branch. The event table holds everything the pictures show.
command-palette = Open the commands
command-help = Help and keys
command-undo = Undo
command-redo = Redo
command-play = Play or pause
command-back = One event back
command-forward = One event forward
command-first = To the start
command-last = To the end
command-slower = Slower
command-faster = Faster
command-run = Run to the breakpoint
command-until-stop = Stop at the breakpoint, or not
command-next-probe = Next probe
command-previous-probe = Previous probe
command-next-late = Next late probe
command-previous-late = Previous late probe
command-next-lost = Next lost probe
command-previous-lost = Previous lost probe
command-next-duplicate = Next duplicate
command-previous-duplicate = Previous duplicate
command-next-reordered = Next reordered probe
command-previous-reordered = Previous reordered probe
command-follow = Follow the latest probe
command-plot-in = Zoom in over time
command-plot-out = Zoom out over time
command-plot-left = Earlier
command-plot-right = Later
command-plot-log = RTTs linear or by their logarithm
command-all = Show the whole run
command-range-from = Range from now
command-range-to = Range to now
command-range-zoom = Zoom to the range
command-range-off = Clear the range
command-note = Pin a note
command-diagram-in = Zoom in the diagram
command-diagram-out = Zoom out the diagram
command-diagram-up = Scroll up in the diagram
command-diagram-down = Scroll down in the diagram
command-linear = Diagram’s time linear or compressed
command-sequence = Sequence
command-events = Events
command-probes = Probes
command-figures = Figures
command-search = Filter the probes
command-measure = Measure from here
command-drop = Drop the first packet in flight
command-delay = Delay the first packet in flight
command-copy = Duplicate the first packet in flight
command-corrupt = Corrupt the first packet in flight
command-new-seed = Another seed
command-export = Export the journal
command-recorded = Show the run as recorded
command-what-if = Show the run under the timeout asked about
command-share = Share a link
command-replay = Go to Replay
command-simulate = Go to Simulate
command-learn = Go to Learn
command-light = Light colours
command-dark = Dark colours
command-english = English
command-portuguese = Português
palette =
    .aria-label = Commands
palette-input =
    .aria-label = Find a command
    .placeholder = Find a command
palette-open = Commands
note-button = Note
note-text = What the note says
note-save = Pin
note-edit = Edit
note-delete = Delete
note-at = at { $at }
note-at-probe = #{ $seq } at { $at }
note-about = About probe { $seq }
single-keys = Single keys are on
help-symbols = Symbols

## What the core refuses to run

refused-way = { $way }: { $what }
refused-timeout = the timeout is zero, so no reply could count
refused-interval = the interval is zero
refused-window = the window is zero, so no probe could go out
refused-too-long = a duration is longer than 73 years
refused-match-any = replies without a number can only be matched one probe at a time
refused-table = { $needed } probes may be waiting for a reply at once and there is room for { $supplied }; use a longer interval, or a shorter timeout or late window
refused-table-size = its table of { $entries } entries is larger than the { $most } that are supported
refused-kind = the journal is of another kind
refused-wire = its wire cannot be simulated here
refused-not-simulated = this journal is of a real run, so there is nothing to simulate
refused-span = { $field } is { $given }: it must be from 0 to { $most }
refused-bursts = how often bursts begin and end must add up to { $least } at least and { $most } at most

## What a journal lacks (the engine says these)

missing-other-sessions = { $sessions ->
    [one] Another session, from line { $line } on. This page shows the first of the two; `udping replay` verifies both.
   *[other] { $sessions } other sessions, from line { $line } on. This page shows the first; `udping replay` verifies all.
}
missing-parts = What stands in the files before: this is part { $part } of a journal that was split, so its records cannot be verified.
missing-next-part = What follows: the journal was split, and continues in another file.
missing-cut = Its last line, { $line }, is cut: the program that wrote it was stopped in the middle. Everything before it is here.
missing-line = Line { $line } is no record and was left out: what follows cannot be verified.
missing-gap = { $records ->
    [one] { $records } record was
   *[other] { $records } records were
} dropped at line { $line }. What follows cannot be verified.
missing-end = The end of the session. The journal stops while it was still running.
missing-summary = The final figures.
missing-unknown-records = { $records ->
    [one] { $records } record is
   *[other] { $records } records are
} of a kind this page does not know, first on line { $line }. It skipped them.
missing-unknown-keys = { $keys ->
    [one] { $keys } field is
   *[other] { $keys } fields are
} unknown to this page, first on line { $line }. It skipped them.
missing-kernel-timestamps = Kernel timestamps. RTTs include the time that the program took to notice the arrival.
missing-target = The target: left out on request.
missing-server-times = Server times. Where a packet was lost, and how the RTT divides between the two directions, is unknown.

## Why a journal cannot be opened (the engine says these)

load-empty = It is empty.
load-is-capture = It is a packet capture: open it with Wireshark or tcpdump.
load-is-gzip = It is compressed with gzip: unpack it first.
load-is-html = It is a web page: save the journal itself.
load-is-irtt = It is irtt's result, not a udping journal.
load-is-packed = It is compressed with xz or bzip2: unpack it first.
load-is-qlog = It is a qlog, the trace of a QUIC connection: open it with qvis.
load-is-utf16 = It is text in UTF-16: `udping replay` reads it, and this page does once it is saved as UTF-8.
load-is-zip = It is a ZIP archive: unpack it first.
load-is-zstd = It is compressed with zstd: `udping replay` reads it, and this page does once it is unpacked.
load-not-a-journal = It is not a udping journal: its first line is not a header.
load-newer-version = It has format version { $version }, and this page reads { $known }. A newer udping can read it.
load-older-version = It has format version { $version }, and this page reads { $known }. The udping that wrote it can read it; or measure again.
load-bad-header = Its header is malformed: { $what }
load-bad-config = No client could have run it: { $what }
load-malformed = That is not a record: { $what }
load-not-utf8 = That is not text (UTF-8).
load-line-too-long = A line is longer than { $bytes } bytes. No journal has such lines.
load-too-many = It has more than { $events } events, which is more than a page can hold.

## What a search means (the engine says these)

query-unknown-word = no such word here
query-unknown-field = no such field
query-bad-number = needs a number, as in seq:5 or seq:5-9
query-bad-span = needs a duration, as in rtt>200ms or rtt:10-20ms
query-bad-time = needs a moment, as in at<2s or sent:1-2s
query-needs-value = needs a value
query-needs-term = needs a term
query-unclosed = is not closed
query-unopened = closes nothing
query-too-deep = is nested too deeply

## Why something happened (the engine says these)

why-due-open = Probe { $seq } has not been sent yet. Something must happen first.
why-due = Probe { $seq } is due at { $due }.
why-sent-first = Probe { $seq } was sent at { $at }: the first goes out at once.
why-sent-next = Probe { $seq } was sent at { $at }, as soon as the one before it was settled.
why-sent-gap = Probe { $seq } was sent at { $at }, { $gap } after the one before it was settled.
why-sent-paced = Probe { $seq } was sent at { $at }: one is due every { $interval }, whatever happened before.
why-sent-window = Probe { $seq } was sent at { $at }: one of the { $size } places in flight was free.
why-sent-asked = Probe { $seq } was sent at { $at }, on request.
why-heartbeat = Nobody answers a heartbeat: only the other end knows whether it arrived.
why-waiting = Sent at { $sent }. No reply yet: the deadline is { $deadline }, and no other arrival moves it.
why-replied = The reply came after { $rtt }, { $left } before the deadline, and returned the probe’s own timestamp.
why-replied-altered = The reply came after { $rtt }, { $left } before the deadline. It begins like the request, but its padding is different.
why-replied-truncated = The reply came after { $rtt }, { $left } before the deadline, but it is shorter than its request: something cut it.
why-replied-unverified = A reply with this number came after { $rtt }, { $left } before the deadline. It did not return the probe’s timestamp, so nothing proves that it answers this probe.
why-lost = No reply came within { $timeout }: lost at its deadline, { $deadline }.
why-late-window = Lost: no reply came within { $timeout }. One that comes by { $horizon } is still recognised as late.
why-late = The reply came after { $rtt }, { $over } past the deadline. The probe stays lost; only its true RTT is noted.
why-refused = After { $after } the network said that nobody is listening there.
why-unsent = It could not be sent, so it can never be lost.
why-duplicate = Another copy of a reply that had already arrived, { $rtt } after the probe. It changes nothing.
why-heard-first = Heartbeat { $seq } is the first from this client; what came before it is unknown.
why-heard-next = Heartbeat { $seq } is the next one expected.
why-heard-gap = Heartbeat { $seq } arrived; those from { $from } on that should have arrived before it are missing so far.
why-heard-late = Heartbeat { $seq } arrived after others that overtook it.
why-heard-duplicate = Heartbeat { $seq } was already received.
why-heard-restart = The client restarted its numbering, from { $seq }.
why-heard-too-old = Heartbeat { $seq } is too old to tell whether it was already received.
why-heard-no-room = Heartbeat { $seq } is not watched: there were too many clients already.
why-received = A datagram came to the server.
why-answered = The server’s rules let it be answered.
why-transmitted = The answer was given to the system.
why-not-answered-source-address = Its source cannot be a host's address.
why-not-answered-not-allowed = Its source is not in an allowed network.
why-not-answered-system-port = Its source port is 0 or a system port.
why-not-answered-own-port = Its source port is our own.
why-not-answered-reflector-port = Its source port is a reflector's.
why-not-answered-rate-limit = Its source is over the rate limit.
why-not-answered-total-limit = All sources together are over the limit.
why-not-answered-echo-loop = Our own reply keeps coming back.
why-not-answered-malformed = It is not a request of this format.
why-not-answered-unauthentic = It is not authenticated with our key.
why-not-answered-reply-shaped = It has the shape of a reply.
why-not-answered-session-limit = There are too many sessions.
why-silent-beats = No new heartbeat for three times its beat: the client has stopped, or nothing gets through. From here the two look the same.
why-silent = No new heartbeat for { $silence }: the client has stopped, or nothing gets through. From here the two look the same.
why-incident-stopped = udping was stopped for { $span }: what arrived meanwhile was read late.
why-incident-stalled = The machine did not let udping run for { $span }: what arrived meanwhile was read late.
why-incident-slept = The machine slept for { $span }; that time is not counted in RTTs or timeouts.
why-incident-clock-ahead = The wall clock was set ahead by { $span }; RTTs do not depend on it.
why-incident-clock-back = The wall clock was set back by { $span }; RTTs do not depend on it.
why-incident-moved-target = The server’s name now has another address, { $address }: from here on, probes go there.
why-incident-next-address = The server’s address { $old } cannot be used ({ $error }): probes go to { $address }.
why-incident-moved = From here on, the way to the server starts from { $address }.
why-incident-network-down = From here on, the network was down: { $error }.
why-incident-network-up = The network was back after { $span }.
why-incident-waited = Before the session, udping waited { $span } for the host’s first reply.
why-incident-otherwise = Something happened to this run.
why-ignored = It changed nothing; the journal does not say why.
why-ignored-too-old = Older than timeout and late window together: nothing waits for probe { $seq } any more.
why-ignored-not-sent = It names a probe that was never sent.
why-ignored-timestamp-mismatch = It says { $seq }, but carries another probe’s timestamp.
why-ignored-no-sequence = It carries no sequence number.
why-ignored-ambiguous = It carries no number, and could still be the answer to a lost probe.
why-ignored-nothing-in-flight = It carries no number, and no probe is in flight.
why-ignored-already-settled = Probe { $seq } was already settled.
why-ignored-bad-kernel-rtt = The kernel’s interval is longer than the RTT itself: implausible.
why-ignored-empty = A datagram with nothing in it.
why-ignored-not-text = A datagram that is not text.
why-ignored-malformed = A datagram that is not a packet of this format: too short, or with an impossible field.
why-ignored-unauthentic = It is not authenticated with the session’s key.
why-ignored-elsewhere = It came from another address or port than the server’s.
why-ignored-foreign = It does not return what its probe carried.
why-missed = { $slots ->
    [one] { $slots } slot
   *[other] { $slots } slots
} passed before a probe could go out.
why-reflected = Ping { $seq } reached the server, which answered at once.
why-unanswered = Ping { $seq } reached the server, which dropped it. To avoid loops, the server answers what it has just sent itself at most ten times a second, and a copy of a ping that it echoed looks like that.
why-dropped-request = The network lost ping { $seq } on its way. Neither client nor server knows.
why-dropped-reply = The network lost the reply to { $seq } on its way back. The client cannot tell this from a lost ping.
why-kernel-rtt = The kernel saw { $kernel } between ping and reply. That refines the RTT and decides nothing.
why-intervened-drop = You dropped a packet of probe { $seq }.
why-intervened-delay = You held a packet of probe { $seq } back by { $by }.
why-intervened-duplicate = You made a copy of a packet of probe { $seq }, { $after } after it.
why-intervened-corrupt = You flipped a bit in a packet of probe { $seq }.
why-intervened-nothing = You acted on a packet of probe { $seq } that was no longer in flight.
why-gap = { $records ->
    [one] { $records } record is
   *[other] { $records } records are
} missing from the journal here.
why-stopped-signal = Somebody ended the session.
why-stopped-deadline = The time for the whole run was up.
why-stopped-closed-pipe = The reader of the output went away.
why-stopped-failure = The network failed for good.
why-stopped-replies = As many replies as requested had arrived.
why-stopped-excerpt = The session went on: this journal holds only some minutes of it.
why-done = Every probe is settled, and nothing waits for late replies any more.

## The Learn room

lessons-panel =
    .aria-label = Learn
lessons-nowhere = The link leads to no lesson: { $place }.
