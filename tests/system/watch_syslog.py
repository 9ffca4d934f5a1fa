#!/usr/bin/python3
"""Syslog messages by every kind of socket, and standard input: each counts once, whoever is
killed when; what nobody may send, and what is no message, counts not at all."""

import collections
import os
import signal
import socket
import subprocess

from stand import Place, check, equal, failure, need, records, source
from watch_stand import Watch

LINES = 300


def messages(first=0):
    """(message, source): without newline; behind a priority, each of its own second."""
    for n in range(first, first + LINES):
        address = source(n % 7)
        yield "<38>" + failure(n, address).rstrip("\n"), address


def truth(*ranges):
    return dict(collections.Counter(address for first in ranges
                                    for _, address in messages(first)))


def free_port(kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def started(place, *words):
    watch = Watch(place, *words)
    watch.ready()
    return watch


def udp(place):
    port = free_port(socket.SOCK_DGRAM)
    watch = started(place, "--syslog", "udp:127.0.0.1:%d" % port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.connect(("127.0.0.1", port))
        for message, _ in messages():
            sender.send(message.encode())
        sender.send(b"<38>" + b"x" * 17000)  # too long: passed over whole
    watch.rested(LINES + 1)
    watch.stop()
    equal(place.counts("-"), truth(0), "counts")
    record = records(place.draft("--json", "-"), "incident")[0]["evidence"][0]
    need(record["file"].endswith("/127.0.0.1.syslog"), "no sender in", record)


def framed(message, counted):
    data = message.encode()
    return b"%d %s" % (len(data), data) if counted else data + b"\n"


def tcp(place):
    """Both framings in one stream, several streams, cut anywhere; the last message of one
    has no end and is none."""
    port = free_port(socket.SOCK_STREAM)
    watch = started(place, "--syslog", "tcp:127.0.0.1:%d" % port)
    streams = [b"".join(framed(m, n % 3 == 0) for n, (m, _) in enumerate(messages(first)))
               for first in (0, LINES)]
    streams[0] += b"<38>Nov 20 11:00:00 web1 sshd[1]: Failed password for root from 192.0.2.1"
    senders = [socket.create_connection(("127.0.0.1", port)) for _ in streams]
    for begin in range(0, max(map(len, streams)), 997):
        for sender, stream in zip(senders, streams):
            sender.sendall(stream[begin:begin + 997])
    for sender in senders:
        sender.close()
    watch.rested(2 * LINES + 1)
    watch.stop()
    equal(place.counts("-"), truth(0, LINES), "counts")


def unix(place):
    path, stream = str(place.folder / "log"), str(place.folder / "stream")
    watch = started(place, "--syslog", "unix:" + path, "--syslog", "unix-stream:" + stream)
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
        for message, _ in messages():
            # as syslog(3) writes it: no host, and a newline of its own at the end
            sender.sendto(message.replace(" web1 ", " ").encode() + b"\n", path)
    with socket.socket(socket.AF_UNIX) as sender:
        sender.connect(stream)
        for message, _ in messages(LINES):
            sender.sendall(message.encode() + b"\0")
    watch.rested(2 * LINES + 1)
    watch.stop()
    need(not os.path.exists(path), "the socket is still there")
    equal(place.counts("-"), truth(0, LINES), "counts")
    hosts = {target["host"] for incident in records(place.draft("--json", "-"), "incident")
             for target in incident["targets"]}
    equal(hosts, {"web1", socket.gethostname()}, "hosts")


def killed(place):
    """Every message that was read from the connection is on file before the next is."""
    port = free_port(socket.SOCK_STREAM)
    for first in range(0, 3 * LINES, LINES):
        watch = started(place, "--syslog", "tcp:127.0.0.1:%d" % port)
        with socket.create_connection(("127.0.0.1", port)) as sender:
            for message, _ in messages(first):
                sender.sendall(framed(message, False))
            sender.shutdown(socket.SHUT_WR)
            sender.recv(1)  # ends when all of it was taken
        watch.kill()
    watch = started(place, "--syslog", "tcp:127.0.0.1:%d" % port)
    watch.rested()
    watch.stop()
    equal(place.counts("-"), truth(0, LINES, 2 * LINES), "counts")


def forged(place):
    """A message is one line, whatever is in it, and gets a header where it has none."""
    port = free_port(socket.SOCK_DGRAM)
    watch = started(place, "--syslog", "udp:127.0.0.1:%d" % port)
    evil = ("<38>Nov 20 10:00:00 web1 app: hello\nNov 20 10:00:01 web1 sshd[1]: Failed "
            "password for root from 203.0.113.99 port 1 ssh2")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(evil.encode(), ("127.0.0.1", port))
        sender.sendto(evil.replace("\n", "\r").encode(), ("127.0.0.1", port))
        sender.sendto(b"<38>sshd[7]: Failed password for root from 203.0.113.5 port 2 ssh2",
                      ("127.0.0.1", port))
    watch.rested(4)
    watch.stop()
    equal(place.counts("-"), {"203.0.113.5": 1}, "counts")


def standard_input(place):
    lines = [failure(n, source(n % 7)) for n in range(LINES)]
    lines[-1] = lines[-1].rstrip("\n")  # a pipe's last line need not end
    watch = Watch(place, "-", stdin=subprocess.PIPE)
    watch.process.stdin.write("".join(lines))
    watch.process.stdin.close()
    watch.process.stdin = None
    watch.end(0)
    equal(place.counts("-"), truth(0), "counts")


def refused(place):
    def words(*more):
        return place.run("watch", *more)
    answer = words("--syslog", "udp:0.0.0.0:5514")
    need(answer.status == 78 and "[watch] syslog" in answer.err, answer)
    answer = words("--set", "watch.syslog=tcp:0.0.0.0:5514")
    need(answer.status == 78 and "[watch] senders" in answer.err, answer)
    for wrong in ("udp:localhost:5514", "udp:127.0.0.1", "tcp:::1:5", "unix:log", "x"):
        answer = words("--syslog", wrong)
        need(answer.status == 78 and "no place to listen at" in answer.err, answer)
    other = free_port(socket.SOCK_STREAM)
    watch = started(place, "--set", "watch.syslog=tcp:0.0.0.0:%d" % other,
                    "--set", "watch.senders=192.0.2.0/24")
    answer = words("--syslog", "tcp:127.0.0.1:%d" % other)
    need(answer.status == 71 and "cannot listen at" in answer.err, answer)
    watch.stop(signal.SIGINT)


for name, test in sorted({"udp": udp, "tcp": tcp, "unix": unix, "killed": killed,
                          "forged": forged, "stdin": standard_input,
                          "refused": refused}.items()):
    check("syslog/" + name, test, Place("syslog"))
