#!/usr/bin/python3
"""A submission server that misbehaves: what became of a message is said as far as it can
be known, and what cannot be known is in doubt."""

import socket
import threading

from crash_schedule import Schedule
from delivery_ground import HEXAGON, checks, drafted, ok

# name, what the server does, what becomes of the message, exit code of send
ROWS = (
    ("takes it", {}, "sent", 0),
    ("451 after the end", {"end": b"451 4.3.0 try later\r\n"}, "deferred", 75),
    ("554 after the end", {"end": b"554 5.7.1 \x1b[31mspam\r\n"}, "failed", 69),
    ("hangs up after the end", {"end": None}, "in doubt", 69),
    ("nonsense after the end", {"end": b"what?\r\n" * 3, "leave": True}, "in doubt", 69),
    ("hangs up at DATA", {"DATA": None}, "deferred", 75),
    ("450 at RCPT", {"RCPT": b"450 greylisted\r\n"}, "deferred", 75),
    ("550 at RCPT", {"RCPT": b"550 no such user\r\n"}, "failed", 69),
    ("421 at once", {"greeting": b"421 too busy\r\n"}, "deferred", 75),
    ("554 at once", {"greeting": b"554 go away\r\n"}, "failed", 69),
)


class Server(threading.Thread):
    """One connection after the other, without TLS, until closed."""

    def __init__(self, script, address="127.0.0.1"):
        super().__init__(daemon=True)
        self.script, self.messages, self.recipients = script, [], []
        self.socket = socket.create_server((address, 0))
        self.address, self.port = self.socket.getsockname()
        self.start()

    def run(self):
        while True:
            try:
                connection = self.socket.accept()[0]
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                try:
                    self.talk(connection, lines)
                except OSError:
                    pass

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.join()

    def talk(self, connection, lines):
        answers = {"EHLO": b"250-mx\r\n250 8BITMIME\r\n", "MAIL": b"250 ok\r\n",
                   "RCPT": b"250 ok\r\n", "DATA": b"354 go\r\n", "QUIT": b"221 bye\r\n",
                   "end": b"250 2.0.0 kept as 1\r\n", **self.script}
        connection.sendall(self.script.get("greeting", b"220 mx\r\n"))
        for line in lines:
            verb = line[:4].decode("ascii", "replace").upper()
            answer = answers.get(verb, b"502 no\r\n")
            if verb == "RCPT":
                self.recipients.append(line)
            if answer is None:
                return
            connection.sendall(answer)
            if verb == "DATA" and not self.take(connection, lines, answers["end"]):
                return

    def take(self, connection, lines, end):
        message = b""
        for line in lines:
            if line == b".\r\n":
                self.messages.append(message)
                if end is not None:
                    connection.sendall(end)
                return end is not None and not self.script.get("leave")
            message += line[1:] if line.startswith(b".") else line
        return False


def submit_by(house, server, host="mail.harbour-books.corp"):
    whole = type(house).argv
    house.argv = lambda *words: [w for w in whole(house, *words) if w != "--offline"]
    house.sets = ["send.method=smtp", "send.smtp-url=smtp://%s:587" % host,
                  "look-up.connect-to=%s:587:%s:%d" % (host, server.address, server.port)]


def outcomes():
    for number, (name, script, state, code) in enumerate(ROWS):
        house, cases = drafted("outcome%d" % number)
        server = Server(script)
        submit_by(house, server)
        house.run("approve", cases[HEXAGON])
        done = house.send(code=code)
        ok("%s: %s" % (name, state), house.states() == [state], done)
        ok("%s: shown escaped" % name, b"\x1b" not in done.stdout + done.stderr, done)
        events = [row[0] for row in house.rows("SELECT event FROM delivery ORDER BY id")]
        reached = bool(server.messages)
        ok("%s: `sending` is on record where the end was sent, and only there" % name,
           ("sending" in events) == reached, events)
        house.send(code=None)
        ok("%s: not tried again at once" % name,
           house.rows("SELECT MAX(attempt) FROM outbox") == [(1,)])
        house.now = "2026-11-21T08:15:01Z"
        house.send(code=None)
        again = state == "deferred"
        ok("%s: sent again by itself: %s" % (name, again),
           house.rows("SELECT MAX(attempt) FROM outbox") == [(2 if again else 1,)])
        server.close()
        if state == "sent":
            ok("the server has what was approved",
               server.messages == list(house.approved().values()))
            ok("and its recipient", server.recipients == [b"RCPT TO:<%s>\r\n"
                                                          % HEXAGON.encode()])


def own_address():
    """An address of this machine that is not a loopback one, or None."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # sends nothing
            return probe.getsockname()[0]
        except OSError:
            return None


def without_tls():
    """Plain text goes to a loopback address alone."""
    address = own_address()
    if not address:
        print("skip no STARTTLS, no message # no address but loopback")
        return
    house, cases = drafted("plain-text")
    server = Server({}, address)
    submit_by(house, server)
    house.run("approve", cases[HEXAGON])
    done = house.send(code=69)
    server.close()
    ok("no STARTTLS, no message", not server.messages and house.states() == ["failed"],
       done)


def killed():
    """Killed at every point of a submission, then run again: as with sendmail."""
    schedule = Schedule("submission", contacts=(HEXAGON,))
    server = Server({})
    submit_by(schedule.house, server)
    for name in ("draft", "approve"):
        schedule.command(name)
    schedule.keep("send")
    points = schedule.count("send")
    print("# send by submission: %d points" % len(points))
    problems, in_doubt = [], []
    for point in range(1, len(points) + 1):
        schedule.put_back("send")
        server.messages.clear()
        if not schedule.kill("send", point):
            problems.append("%d: it did not die" % point)
        schedule.command("send")
        schedule.command("send")
        doubtful = bool(schedule.doubtful())
        in_doubt += [point] * doubtful
        if len(server.messages) > 1 or (not doubtful and len(server.messages) != 1):
            problems.append("%d %s: arrived %d times, in doubt: %s" % (
                point, points[point - 1], len(server.messages), doubtful))
    server.close()
    ok("killed at 1 to %d: never twice, never lost" % len(points), not problems, *problems)
    ok("in doubt from the commit of `sending` to that of the answer, and nowhere else",
       [points[p - 1] for p in in_doubt] == ["db.committed", "smtp.ending",
                                             "smtp.answered", "db.commit"] and
       in_doubt == list(range(in_doubt[0], in_doubt[0] + 4)), points, in_doubt)


outcomes()
without_tls()
killed()
checks.exit()
