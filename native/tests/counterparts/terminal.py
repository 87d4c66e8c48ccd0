"""A terminal with somebody at it: runs a command in a pseudo-terminal, step by step.

    terminal.py ROWSxCOLUMNS STEP... -- COMMAND...

A step is `see:TEXT` (wait until the screen shows it), `line:REGEX` (wait until it has such a line),
`send:KEYS`, `size:ROWSxCOLUMNS`, `signal:NAME`, `stopped:` (wait until the command is, with the
terminal as it was), `freeze:` (read nothing more; wait until it takes nothing more), or `hangup:`
(close it). Then the command has to end. Prints a line of JSON: how it ended, and the processor time that it took from the last step on;
and of a terminal that is still there whether it is as it was before, which screen it is on, and
what is on it.
"""

import atexit
import errno
import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time

# Nothing takes longer, on however slow a machine.
PATIENCE = 60

SEQUENCE = re.compile(rb"\x1b\[([?>]?)([0-9;]*)([A-Za-z])|\x1b[=>()78][B0]?|\x1b\][^\x07]*\x07")


class Screen:
    """What the terminal shows, as far as this program's output needs it."""

    def __init__(self, rows, columns):
        self.colours = 0
        self.beyond_ascii = 0
        self.alternate = False
        self.cursor = True
        self.resize(rows, columns)

    def resize(self, rows, columns):
        # One of 0x0 does not know how large it is; this one is as the first ones were.
        self.rows, self.columns = rows or 24, columns or 80
        self.clear()

    def clear(self):
        self.cells = [[" "] * self.columns for _ in range(self.rows)]
        self.row = self.column = 0

    def text(self):
        return "\n".join("".join(row).rstrip() for row in self.cells)

    def take(self, data):
        """Takes all of `data` that is complete, and returns the rest."""
        while data:
            if data[0] == 0x1B:
                match = SEQUENCE.match(data)
                if match is None:
                    if len(data) > 64:
                        raise ValueError(f"what is {data[:64]!r}?")
                    return data
                self.control(match)
                data = data[match.end():]
                continue
            length = 1 if data[0] < 0x80 else 2 if data[0] < 0xE0 else 3 if data[0] < 0xF0 else 4
            if len(data) < length:
                return data
            self.put(data[:length].decode())
            data = data[length:]
        return data

    def control(self, match):
        private, numbers, kind = match.group(1), match.group(2) or b"", match.group(3)
        numbers = [int(number) for number in numbers.split(b";") if number]
        if kind == b"H":
            self.row, self.column = [number - 1 for number in numbers or [1, 1]]
        elif kind == b"J":
            self.clear()
        elif kind == b"m":
            self.colours += any(30 <= number < 50 and number not in (39, 49) for number in numbers)
        elif private == b"?" and 1049 in numbers:
            self.alternate = kind == b"h"
            self.clear()
        elif private == b"?" and 25 in numbers:
            self.cursor = kind == b"h"

    def put(self, character):
        self.beyond_ascii += not character.isascii()
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self.row += 1
            if self.row >= self.rows:
                self.cells = self.cells[1:] + [[" "] * self.columns]
                self.row = self.rows - 1
        elif self.row < self.rows and self.column < self.columns:
            self.cells[self.row][self.column] = character
            self.column += 1


def size(text):
    return [int(number) for number in text.split("x")]


def main():
    rows, columns = size(sys.argv[1])
    split = sys.argv.index("--")
    steps, command = sys.argv[2:split], sys.argv[split + 1:]
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
    before = termios.tcgetattr(theirs)
    child = os.fork()
    if child == 0:
        os.close(ours)
        os.login_tty(theirs)
        # Whoever runs this may have it ignored.
        ignored = os.environ.get("HANGUP") == "ignored"
        signal.signal(signal.SIGHUP, signal.SIG_IGN if ignored else signal.SIG_DFL)
        os.execvp(command[0], command)
    # It is not to outlive what it is tried for; once it has been waited for, it is nobody's.
    atexit.register(lambda: ended is None and os.kill(child, signal.SIGKILL))
    screen, rest = Screen(rows, columns), b""
    ended = None
    left = False

    def read(patience):
        """Takes what has come, or comes soon; says whether anything did."""
        nonlocal rest
        if left:
            time.sleep(patience)
            return False
        came = bool(select.select([ours], [], [], patience)[0])
        if came:
            rest = screen.take(rest + os.read(ours, 1 << 16))
        return came

    def pump(until):
        """Reads what comes until `until` holds."""
        nonlocal ended
        limit = time.monotonic() + PATIENCE
        while not until():
            if time.monotonic() > limit:
                sys.exit(f"{steps}: this does not come; the screen shows:\n{screen.text()}")
            if not read(0.05) and ended is None:
                pid, status = os.waitpid(child, os.WNOHANG)
                if pid:
                    ended = status

    def processor_time():
        with open(f"/proc/{child}/stat") as stat:
            return sum(int(ticks) for ticks in stat.read().rsplit(")", 1)[1].split()[11:13])

    def takes_nothing():
        """After redrawing all of it once more."""
        nonlocal rows
        rows ^= 1
        fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        return not select.select([], [theirs], [], 0)[1]

    def is_stopped():
        with open(f"/proc/{child}/stat") as stat:
            return ") T " in stat.read()

    for step in steps:
        verb, _, what = step.partition(":")
        if verb == "see":
            pump(lambda: what in screen.text())
        elif verb == "line":
            pump(lambda: any(re.fullmatch(what, line) for line in screen.text().splitlines()))
        elif verb == "send":
            os.write(ours, what.encode().decode("unicode_escape").encode())
        elif verb == "signal":
            os.kill(child, getattr(signal, "SIG" + what))
        elif verb == "stopped":
            pump(is_stopped)
            while read(0.1):
                pass
            given_back = termios.tcgetattr(theirs) == before and not screen.alternate
            if not given_back:
                sys.exit(f"{steps}: stopped, and the terminal is not given back")
        elif verb == "freeze":
            left = True
            pump(takes_nothing)
        elif verb == "hangup":
            left = True
            os.close(theirs)
            os.close(ours)
        elif verb == "size":
            rows, columns = size(what)
            screen.resize(rows, columns)
            fcntl.ioctl(ours, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        else:
            sys.exit(f"what is {step}?")
    before_end = processor_time() if left else 0
    taken = 0

    def has_ended():
        nonlocal taken
        if left and ended is None:
            taken = processor_time() - before_end
        return ended is not None

    pump(has_ended)
    if left:
        seconds = taken / os.sysconf("SC_CLK_TCK")
        print(json.dumps({"code": os.waitstatus_to_exitcode(ended), "seconds": seconds}))
        return
    after = termios.tcgetattr(theirs)
    # It may have written and ended between two looks: with no other end left, all that was
    # written comes, and then an error.
    os.close(theirs)
    try:
        while read(PATIENCE):
            pass
    except OSError as error:
        if error.errno != errno.EIO:
            raise
    print(json.dumps({
        "code": os.waitstatus_to_exitcode(ended),
        "same": before == after,
        "alternate": screen.alternate,
        "cursor": screen.cursor,
        "colours": screen.colours,
        "beyond_ascii": screen.beyond_ascii,
        "text": screen.text(),
    }))


main()
