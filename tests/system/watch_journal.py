#!/usr/bin/python3
"""The journal: live by cursor under a watch that is killed, and as journalctl writes it.
The journals are written by systemd-journal-remote, which needs no journald."""

import collections
import gzip
import json
import pathlib
import struct
import subprocess

from stand import Place, check, equal, failure, need, records, source
from watch_stand import Watch

REMOTE = "/lib/systemd/systemd-journal-remote"
BOOT = "4bbe1e0dcd0f4c1bb7bb6a8a6d6c6b6a"
START = 1795165200000000  # 2026-11-20T09:00:00Z
EVIL = "Failed password for root from 203.0.113.99 port 1 ssh2"


def export(number, fields):
    """One entry; bytes are written as a binary field."""
    at = START + number * 1000000
    out = [b"__CURSOR=s=%032x;i=%x" % (1, number + 1), b"__REALTIME_TIMESTAMP=%d" % at,
           b"__MONOTONIC_TIMESTAMP=%d" % (number + 1), b"_BOOT_ID=" + BOOT.encode()]
    for name, value in fields:
        if isinstance(value, bytes):
            out.append(name.encode() + b"\n" + struct.pack("<Q", len(value)) + value)
        else:
            out.append(("%s=%s" % (name, value)).encode())
    return b"\n".join(out) + b"\n\n"


def entry(number, **more):
    message = failure(number, source(number % 7)).split(": ", 1)[1].rstrip("\n")
    fields = {"_HOSTNAME": "web1", "SYSLOG_IDENTIFIER": "sshd", "_PID": str(1000 + number),
              "MESSAGE": message, "_SYSTEMD_UNIT": "ssh.service"}
    fields.update(more)
    return export(number, fields.items())


def truth(count):
    return dict(collections.Counter(source(n % 7) for n in range(count)))


class Journal:
    def __init__(self, place):
        self.folder = place.folder / "journal"
        self.folder.mkdir()

    def add(self, entries, name="remote"):
        done = subprocess.run([REMOTE, "--output", self.folder / (name + ".journal"), "-"],
                              input=b"".join(entries), stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False)
        need(done.returncode == 0, "journal-remote:", done.stdout)

    def written(self, form):
        return subprocess.run(["journalctl", "-D", self.folder, "-o", form, "--all"],
                              stdout=subprocess.PIPE, check=True).stdout


def live(place):
    journal = Journal(place)
    journal.add(entry(n) for n in range(100))
    watch = Watch(place, "--journal", journal.folder)
    watch.rested(100)
    journal.add(entry(n) for n in range(100, 200))
    watch.rested(200)
    watch.kill()
    journal.add(entry(n) for n in range(200, 300))
    journal.add([entry(n) for n in range(300, 400)], "another")
    watch = Watch(place, "--journal", journal.folder)
    equal(watch.rested(200), 200, "entries read by the second")
    watch.stop()
    answer = place.draft("--json", "-")
    incidents = records(answer, "incident")
    equal({i["source"]: i["count"] for i in incidents}, truth(400), "counts")
    equal(incidents[0]["targets"][0]["host"], "web1", "host")
    equal(incidents[0]["time_basis"], "full", "time basis")
    need(incidents[0]["evidence"][0]["file"] == "journal:%s" % journal.folder,
         incidents[0]["evidence"][0])


def killed(place):
    """Killed between any two batches, more or less."""
    journal = Journal(place)
    journal.add(entry(n) for n in range(9000))
    for _ in range(4):
        watch = Watch(place, "--journal", journal.folder)
        watch.ready()
        watch.kill()
    watch = Watch(place, "--journal", journal.folder)
    watch.rested()
    watch.stop()
    equal(place.counts("-"), truth(9000), "counts")


def matches(place):
    journal = Journal(place)
    journal.add(entry(n, _SYSTEMD_UNIT="ssh.service" if n % 2 else "other.service")
                for n in range(70))
    watch = Watch(place, "--journal", journal.folder, "--match",
                  "_SYSTEMD_UNIT=ssh.service")
    equal(watch.rested(35), 35, "entries read")
    watch.stop()
    answer = place.run("watch", "--journal", journal.folder, "--match", "nonsense")
    need(answer.status == 78 and "FIELD=VALUE" in answer.err, answer)
    answer = place.run("watch", "--journal", place.folder / "none")
    need(answer.status == 66 and "no journal" in answer.err, answer)


def as_written(place):
    """Export format and JSON, packed too: the same events, and each log known again."""
    journal = Journal(place)
    journal.add(entry(n) for n in range(100))
    logs = [place.write("j.export", journal.written("export")),
            place.write("j.json", journal.written("json")),
            place.write("j.export.gz", gzip.compress(journal.written("export")))]
    found = []
    for log in logs:
        answer = place.run("detect", "--events", "--json", log)
        found.append([{k: v for k, v in row.items() if k != "file"}
                      for row in records(answer, "event")])
    equal(len(found[0]), 100, "events")
    need(found[0] == found[1] == found[2], "the formats differ")
    equal(place.counts(logs[0]), truth(100), "counts")
    equal(place.counts(*logs), truth(100), "counts of the same again")


def in_one_pass(place):
    """draft and detect read a journal too; draft, and a watch, go on where it stood."""
    journal = Journal(place)
    journal.add(entry(n) for n in range(100))
    answer = place.run("detect", "--json", "--journal", journal.folder)
    equal({i["source"]: i["count"] for i in records(answer, "incident")}, truth(100),
          "counts of detect")
    equal(place.counts("--journal", journal.folder), truth(100), "counts")
    equal(place.counts("--journal", journal.folder), truth(100), "counts of the same again")
    journal.add(entry(n) for n in range(100, 150))
    log = place.write("more.log", "".join(failure(n, source(n % 7))
                                          for n in range(150, 200)))
    equal(place.counts("--journal", journal.folder, log), truth(200), "a log beside it")
    journal.add(entry(n) for n in range(200, 250))
    watch = Watch(place, "--journal", journal.folder)
    equal(watch.rested(50), 50, "entries read by a watch")
    watch.stop()
    answer = place.draft("--journal", place.folder / "none")
    need(answer.status == 66 and "no journal" in answer.err, answer)


def jails(place):
    """Jails that watch the journal: each by its own journalmatch, from its own position."""
    journal = Journal(place)
    journal.add(entry(n, _SYSTEMD_UNIT="ssh.service" if n % 2 else "other.service",
                      _COMM="sshd") for n in range(70))
    folder = place.folder / "f2b"
    (folder / "filter.d").mkdir(parents=True)
    (folder / "filter.d/own.conf").write_text(
        "[Definition]\nfailregex = sshd\\[\\d+\\]: Failed password for \\S+ from <HOST>\n"
        "journalmatch = _SYSTEMD_UNIT=ssh.service _COMM=sshd\n")
    (folder / "jail.conf").write_text(
        "[DEFAULT]\nbackend = systemd\n[one]\nenabled = true\nfilter = own\n"
        "[two]\nenabled = true\nfilter = own\n"
        "journalmatch = '_SYSTEMD_UNIT=other.service'\n")
    odd = dict(collections.Counter(source(n % 7) for n in range(1, 70, 2)))
    answer = place.run("detect", "--json", "--events", "--fail2ban=%s" % folder,
                       "--journal", journal.folder)
    found = collections.Counter((e["rule"], e["source"]) for e in records(answer, "event"))
    equal({s: n for (rule, s), n in found.items() if rule == "one"}, odd, "jail one")
    equal(sum(n for (rule, _), n in found.items() if rule == "two"), 35, "jail two")
    drafted = place.counts("--fail2ban=%s" % folder, "--journal", journal.folder)
    equal(drafted, truth(70), "counts of both")
    equal(place.counts("--fail2ban=%s" % folder, "--journal", journal.folder), truth(70),
          "counts of the same again")


def hostile(place):
    """No field makes a header, no entry two lines; what is too long is passed over."""
    head = "Nov 20 09:00:00 web1 sshd[1]: "
    entries = [
        entry(1, MESSAGE=b"x\n" + (head + EVIL).encode() + b"\n"),
        entry(2, SYSLOG_IDENTIFIER="web1 sshd[1]: %s x" % EVIL, MESSAGE="hello"),
        entry(3, SYSLOG_IDENTIFIER="x", _HOSTNAME="web1 sshd[1]: %s" % EVIL),
        entry(4, SYSLOG_IDENTIFIER="x", _PID="1]: %s" % EVIL, MESSAGE="hello"),
        export(5, [("_HOSTNAME", "web1"), ("MESSAGE", "sshd[1]: " + EVIL)]),
        export(6, [("_HOSTNAME", "web1"), ("SYSLOG_IDENTIFIER", "app"),
                   ("MESSAGE", "a"), ("MESSAGE", head + EVIL)]),
        entry(7, MESSAGE="x" * 70000 + EVIL),
        entry(8, MESSAGE=b"\0\n" * 40000),
        export(9, [("_HOSTNAME", "web1"), ("SYSLOG_IDENTIFIER", "sshd"), ("_PID", "9"),
                   ("MESSAGE", EVIL.replace("203.0.113.99", "192.0.2.9"))]),
    ]
    journal = Journal(place)
    journal.add(entries)
    log = place.write("j.export", b"".join(entries))
    packed = place.write("j.json", journal.written("json"))
    for words in ((log,), (packed,)):
        answer = place.run("detect", "--events", "--json", *words)
        equal([row["source"] for row in records(answer, "event")], ["192.0.2.9"], words)
        need("2 lines over 64 KiB passed over" in answer.err, answer.err)
    watch = Watch(place, "--journal", journal.folder)
    equal(watch.rested(9), 9, "entries read")
    watch.stop()
    equal(place.counts("-"), {"192.0.2.9": 1}, "counts of the live one")


def torn(place):
    """An entry without an end waits; what is no journal is told."""
    whole = [entry(n) for n in range(3)]
    log = place.write("j.export", b"".join(whole)[:-30])
    equal(sum(place.counts(log).values()), 2, "entries of a torn one")
    log.write_bytes(b"".join(whole))
    equal(sum(place.counts(log).values()), 3, "entries once it is whole")
    log = place.write("bad.json", json.dumps({"__REALTIME_TIMESTAMP": "1"}) + "\nhello\n")
    answer = place.run("detect", log)
    need(answer.status == 65 and "no entry of a journal" in answer.err, answer)


if not pathlib.Path(REMOTE).exists():
    print("skip journal # systemd-journal-remote is not installed")
else:
    for name, test in sorted({"live": live, "killed": killed, "matches": matches,
                              "as-written": as_written, "hostile": hostile,
                              "torn": torn, "in-one-pass": in_one_pass,
                              "jails": jails}.items()):
        check("journal/" + name, test, Place("journal"))
