"""The counterparts against each other, without udping: `python3 -m unittest` in this folder.

What they are trusted to do to udping they are seen to do here first.
"""

import contextlib
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).parent
BUILT = tempfile.TemporaryDirectory()

# Each course's client with the server that course would give it.
COURSES = {
    "textbook": "upper",
    "java": "padded",
    "unsw": "echo",
    "ufes": "ufes",
    "yale": "yale",
    "two-integers": "two-integers",
    "two-shorts": "two-integers",
    "brazil": "prefixed",
    "bare": "pong",
    "dated": "echo",
    "letters": "echo",
}

PINGS = {"unsw": 15, "ufes": 5, "yale": 5, "letters": 5}  # the others send 10


def setUpModule():
    for name in ("upper_server", "nyu_client"):
        command = ["cc", "-Wall", "-Wextra", "-Werror", "-o", built(name), HERE / f"{name}.c"]
        subprocess.run(command, check=True)


def tearDownModule():
    BUILT.cleanup()


def built(name):
    return str(pathlib.Path(BUILT.name) / name)


class Running:
    """A server, its port, and what it has to say."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        word, port = self.line().split()
        assert word == "PORT", word
        self.port = int(port)

    def line(self):
        return self.process.stdout.readline().strip()

    def stop(self):
        """Close its input; return the rest of its lines and its exit code."""
        rest, _ = self.process.communicate(timeout=10)
        return rest.splitlines(), self.process.returncode


@contextlib.contextmanager
def running(*command):
    server = Running(command)
    try:
        yield server
    finally:
        server.process.kill()
        server.process.communicate()


def serving(*arguments):
    return running(sys.executable, HERE / "server.py", *arguments)


def open_client(port, host="127.0.0.1"):
    """A socket connected to the server, which gives up loudly."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_DGRAM)
    sock.settimeout(10)
    sock.connect((host, port))
    return sock


def start_client(*command):
    return subprocess.Popen([*map(str, command)], stdout=subprocess.PIPE, text=True)


def start_python(assignment, port, *options):
    return start_client(sys.executable, HERE / "client.py", assignment, "127.0.0.1", port, *options)


class Replies(unittest.TestCase):
    def said(self, reply, request, *options):
        with serving(reply, *options) as server, open_client(server.port) as sock:
            sock.send(request)
            return sock.recv(65536)

    def test_each_says_its_piece(self):
        cases = [
            ("upper", b"Ping 3 17", b"PING 3 17"),
            ("lower", b"Ping 3 17", b"ping 3 17"),
            ("echo", b"Ping\0\xff 3", b"Ping\0\xff 3"),
            ("padded", b"Ping 3 17", b"Ping 3 17" + b"\0" * 1015),
            ("pong", b"Ping 3 17", b"pong"),
            ("prefixed", b"Ping 3 17", b"Pong: Ping 3 17"),
            ("suffixed", b"Ping 3 17", b"Ping 3 17 OK"),
            ("no-time", b"Ping 3 17", b"Pong 3"),
            ("cut", b"Ping 3 17".ljust(2000), b"Ping 3 17".ljust(1024)),
            ("flipped", b"Ping 3 17 ", b"Ping 3 17!"),
            ("recent", b"Ping 3 17", b"stale"),
            ("floated", b"Ping 3 17.25", b'{"answer to": [3, 17.2500000]}'),
            ("prose", b"Ping 3 17", b"Your data was 9 bytes long"),
            ("next-number", b"Ping 9 17", b"Ping 10 17"),
            ("next-nyu", b"PING 9 17 18 \r\n", b"10 17 18 \r\n"),
            ("next-alone", b"Ping 9 17", b"10"),
            ("ufes", b"000030123", b"000031123"),
            ("two-integers", b"\0\0\0\1\0\0\0\7", b"\0\0\0\2\0\0\0\7"),
            ("two-integers", b"\0\1\0\7", b"\0\2\0\7"),
            ("yale", b"PING\0\3", b"PINGECHO\0\3"),
            ("empty", b"Ping 3 17", b""),
            ("huge", b"Ping 3 17", b"U" * 65507),
        ]
        for reply, request, expected in cases:
            with self.subTest(reply):
                self.assertEqual(self.said(reply, request), expected)

    def test_a_receipt_has_number_both_times_and_a_sum(self):
        before = time.time_ns() // 1000
        words = self.said("receipt", b"Ping 3 17").split()
        self.assertEqual(words[:3], [b"Reply", b"3", b"17"])
        self.assertLessEqual(before, int(words[3]))
        self.assertEqual(len(words[4]), 32)

    def test_a_stamp_follows_the_request(self):
        reply = self.said("stamped", b"Ping 3 17")
        self.assertRegex(reply, rb"^Ping 3 17 \d{16}$")

    def test_garbage_depends_on_the_seed_alone(self):
        one, again, other = (self.said("garbage", b"x", "--seed", seed) for seed in "112")
        self.assertEqual(one, again)
        self.assertNotEqual(one, other)

    def test_a_padded_reply_can_be_the_largest_datagram(self):
        self.assertEqual(len(self.said("padded", b"Ping 3 17", "--size", "65507")), 65507)

    def test_ipv6(self):
        try:
            with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as sock:
                sock.bind(("::1", 0))
        except OSError as error:
            self.skipTest(f"no IPv6 loopback here: {error}")
        with serving("echo", "--bind", "::1") as server, open_client(server.port, "::1") as sock:
            sock.send(b"Ping 1 1")
            self.assertEqual(sock.recv(100), b"Ping 1 1")


class Fates(unittest.TestCase):
    def fates(self, count, *command):
        """What a server says it did with `count` pings, and the replies that came of it."""
        with running(*command) as server, open_client(server.port) as sock:
            for number in range(1, count + 1):
                sock.send(b"Ping %d" % number)
            said = [server.line() for _ in range(count)]
            answered = [line.split()[1] for line in said if line.startswith("answered ")]
            replies = [sock.recv(100) for _ in answered]
            self.assertEqual(sorted(replies), sorted(b"PING " + number.encode() for number in answered))
        return said

    def test_loss_is_as_asked_and_repeats(self):
        command = [sys.executable, HERE / "server.py", "upper", "--loss", "4/11", "--seed", "7"]
        said = self.fates(200, *command)
        self.assertEqual(said, self.fates(200, *command))
        dropped = sum(line.startswith("dropped ") for line in said)
        self.assertTrue(50 <= dropped <= 95, dropped)  # 73 expected, sigma 6.8

    def test_loss_of_the_c_server(self):
        said = self.fates(200, built("upper_server"), "7")
        self.assertEqual(said, self.fates(200, built("upper_server"), "7"))
        dropped = sum(line.startswith("dropped ") for line in said)
        self.assertTrue(50 <= dropped <= 95, dropped)

    def test_named_numbers_are_dropped(self):
        said = self.fates(4, sys.executable, HERE / "server.py", "upper", "--drop", "2,4")
        self.assertEqual(said, ["answered 1", "dropped 2", "answered 3", "dropped 4"])

    def test_silence_after_two(self):
        said = self.fates(4, sys.executable, HERE / "server.py", "upper", "--silent-after", "2")
        self.assertEqual(said, ["answered 1", "answered 2", "silent 3", "silent 4"])


class Delivery(unittest.TestCase):
    def arrivals(self, count, expected, *options):
        with serving("echo", *options) as server, open_client(server.port) as sock:
            for number in range(1, count + 1):
                sock.send(b"Ping %d" % number)
            return [sock.recv(65536) for _ in range(expected)]

    def test_a_delay_delays(self):
        started = time.monotonic()
        self.arrivals(1, 1, "--delay", "150")
        self.assertGreaterEqual(time.monotonic() - started, 0.150)

    def test_a_delayed_reply_holds_up_no_other(self):
        arrivals = self.arrivals(4, 4, "--delay", "50", "--hold", "1:400,3:200")
        self.assertEqual(arrivals, [b"Ping 2", b"Ping 4", b"Ping 3", b"Ping 1"])

    def test_copies(self):
        self.assertEqual(self.arrivals(2, 6, "--copies", "3"), [b"Ping 1"] * 3 + [b"Ping 2"] * 3)

    def test_reverse_order(self):
        arrivals = self.arrivals(6, 6, "--reverse", "3")
        self.assertEqual(arrivals, [b"Ping %d" % number for number in (3, 2, 1, 6, 5, 4)])

    def test_something_else_first(self):
        self.assertEqual(self.arrivals(2, 4, "--before", "empty"), [b"", b"Ping 1", b"", b"Ping 2"])
        self.assertEqual(self.arrivals(1, 2, "--before", "huge"), [b"U" * 65507, b"Ping 1"])

    def test_from_elsewhere(self):
        for address in ("127.0.0.1", "127.0.0.2"):
            with serving("echo", "--from", address) as server:
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
                    sock.settimeout(10)
                    sock.sendto(b"Ping 1", ("127.0.0.1", server.port))
                    reply, sender = sock.recvfrom(100)
                self.assertEqual((reply, sender[0]), (b"Ping 1", address))
                self.assertNotEqual(sender[1], server.port)

    def test_a_closed_socket_refuses(self):
        with serving("echo", "--close-after", "1") as server, open_client(server.port) as sock:
            sock.send(b"Ping 1")
            self.assertEqual(sock.recv(100), b"Ping 1")
            give_up = time.monotonic() + 10
            with self.assertRaises(ConnectionRefusedError):
                sock.settimeout(0.02)
                while time.monotonic() < give_up:
                    with contextlib.suppress(socket.timeout):
                        sock.send(b"Ping 2")
                        sock.recv(100)

    def test_a_server_ends_with_its_input(self):
        for command in ([sys.executable, HERE / "server.py", "echo"], [built("upper_server"), "1"]):
            with running(*command) as server:
                self.assertEqual(server.stop(), ([], 0))


class Clients(unittest.TestCase):
    def finish(self, client):
        output, _ = client.communicate(timeout=60)
        return client.returncode, output

    def test_each_is_content_with_its_own_course(self):
        for assignment, reply in COURSES.items():
            with self.subTest(assignment), serving(reply) as server:
                code, output = self.finish(start_python(assignment, server.port, "--strict"))
                self.assertEqual(code, 0, output)

    def test_each_makes_do_with_an_echo(self):
        for assignment in [*COURSES, "heartbeat"]:
            with self.subTest(assignment), serving("echo") as server:
                code, output = self.finish(start_python(assignment, server.port))
                self.assertEqual(code, 0, output)

    def test_each_misses_the_last_reply(self):
        with contextlib.ExitStack() as stack:
            clients = {}
            for assignment, reply in COURSES.items():
                answered = PINGS.get(assignment, 10) - 1
                server = stack.enter_context(serving(reply, "--silent-after", str(answered)))
                clients[assignment] = start_python(assignment, server.port)
            for assignment, client in clients.items():
                with self.subTest(assignment):
                    code, output = self.finish(client)
                    self.assertEqual(code, 1)
                    self.assertIn(f" sent, {PINGS.get(assignment, 10) - 1} answered", output)

    def test_an_echo_does_not_conform_where_the_course_wants_more(self):
        wanting = ["textbook", "java", "ufes", "yale", "two-integers", "two-shorts", "brazil", "bare"]
        with serving("echo") as server:
            clients = {name: start_python(name, server.port, "--strict") for name in wanting}
            for assignment, client in clients.items():
                with self.subTest(assignment):
                    code, output = self.finish(client)
                    self.assertEqual(code, 1)
                    self.assertIn(" sent, 0 answered", output)

    def test_nobody_listens(self):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind(("127.0.0.1", 0))
            port = sock.getsockname()[1]
        for assignment in ("textbook", "heartbeat"):
            code, output = self.finish(start_python(assignment, port))
            self.assertEqual((code, output), (1, "nobody listens there\n"))

    def test_the_heartbeat_needs_no_answer(self):
        with serving("echo", "--silent-after", "0") as server:
            code, output = self.finish(start_python("heartbeat", server.port))
            self.assertEqual(code, 0)
            self.assertEqual(output.count("unanswered"), 10)

    def test_the_heartbeat_server_tells_differences_and_silence(self):
        with running(sys.executable, HERE / "heartbeat_server.py", "--silence", "0.3") as server:
            code, output = self.finish(start_python("heartbeat", server.port))
            self.assertEqual(code, 0, output)
            beats = [server.line() for _ in range(10)]
            self.assertTrue(all(line.startswith(f"beat {number} ") for number, line in enumerate(beats, 1)), beats)
            self.assertEqual(server.line(), "stopped")
            with open_client(server.port) as sock:
                sock.send(b"13 %f" % time.time())
            self.assertEqual([server.line() for _ in range(2)], ["missing 11", "missing 12"])
            self.assertTrue(server.line().startswith("beat 13 "))

    def test_the_tcp_clients_with_an_echo(self):
        with running(sys.executable, HERE / "tcp_echo.py") as server:
            for how in ("one-line", "in-pieces", "all-at-once", "empty-lines"):
                with self.subTest(how):
                    client = start_client(sys.executable, HERE / "tcp_client.py", how, "127.0.0.1", server.port)
                    code, output = self.finish(client)
                    self.assertEqual(code, 0, output)

    def test_the_tcp_echo_can_misbehave(self):
        for option, said in [("--upper", b"PING 1\n"), ("--bare", b"ping 1"), ("--chop", b"ping 1\n")]:
            with self.subTest(option), running(sys.executable, HERE / "tcp_echo.py", option) as server:
                with socket.create_connection(("127.0.0.1", server.port), timeout=10) as sock:
                    sock.sendall(b"ping 1\n")
                    came = b""
                    while len(came) < len(said):
                        came += sock.recv(100)
                    self.assertEqual(came, said)

    def test_the_other_languages(self):
        commands = {
            (built("nyu_client"),): ("next-nyu", "echo"),
            ("perl", HERE / "bare_client.pl"): ("pong", "echo"),
            ("node", HERE / "burst_client.mjs"): ("upper", "prefixed"),
        }
        for command, replies in commands.items():
            for reply in replies:
                with self.subTest(command=command, reply=reply), serving(reply) as server:
                    code, output = self.finish(start_client(*command, "127.0.0.1", server.port))
                    self.assertEqual(code, 0, output)
            with self.subTest(command=command, missing=1), serving(replies[0], "--silent-after", "9") as server:
                code, output = self.finish(start_client(*command, "127.0.0.1", server.port))
                self.assertEqual(code, 1)
                self.assertIn("10 sent, 9 answered", output)


if __name__ == "__main__":
    unittest.main()
