#!/usr/bin/python3
"""Drafts beside each other on a log that is being written: nothing is lost, nothing counts
twice, nobody waits long."""

import os
import subprocess
import sys
import time

from stand import Place, check, equal, failures, need, records, truth

LINES = 5000
DRAFTS = 24
LONGEST_SECONDS = 10
TURNED_AWAY = "tipoff: another tipoff is reading the same log: run this again when it is done\n"
# Reads a number of bytes to append from standard input, appends them, asks for more. The
# pieces end anywhere, so that a draft meets half lines too.
WRITER = """
import os, sys
log = os.open(sys.argv[1], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
rest = open(sys.argv[2], "rb").read()
for words in sys.stdin:
    burst, rest = rest[:int(words)], rest[int(words):]
    while burst:
        piece = 1 + burst[0] * 7 % 397
        os.write(log, burst[:piece])
        burst = burst[piece:]
"""


class Writer:
    """Appends to the log beside whatever else happens."""

    def __init__(self, place, lines):
        self.log = place.folder / "auth.log"
        whole = place.write("whole", "".join(lines))
        self.left = whole.stat().st_size
        self.child = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(self.log), str(whole)],
            stdin=subprocess.PIPE, text=True)

    def write(self, size):
        size = min(size, self.left)
        self.left -= size
        self.child.stdin.write("%d\n" % size)
        self.child.stdin.flush()

    def end(self):
        self.write(self.left)
        self.child.stdin.close()
        equal(self.child.wait(20), 0, "the writer's end")


def finish(draft, began):
    out, err = draft.communicate(timeout=60)
    equal(draft.returncode, 0, "a draft's end (it said %r)" % err)
    need("locked" not in out + err and "busy" not in out + err, "shown:", out + err)
    return time.monotonic() - began


def bursts(number):
    """Small ones first: while a log is shorter than its fingerprint, the fingerprint
    grows with it."""
    return 300 * (number + 1) if number < 8 else 40000


def reads_in_between(place):
    cases = place.run("cases", "--json")
    equal(cases.status, 0, "cases (it said %r)" % cases.err)
    for case in records(cases, "case")[:1]:
        shown = place.run("show", case["id"])
        equal(shown.status, 0, "show (it said %r)" % shown.err)


def beside(at_once):
    place = Place("beside")
    lines = failures(LINES, sources=40)
    place.write("auth.log", "")
    writer = Writer(place, lines)
    longest = 0
    for number in range(DRAFTS // at_once):
        writer.write(bursts(number))
        began = time.monotonic()
        drafts = [place.start("draft", "--offline", "auth.log") for _ in range(at_once)]
        if number % 4 == 1:
            reads_in_between(place)
        longest = max([longest] + [finish(draft, began) for draft in drafts])
    writer.end()
    equal(place.counts("auth.log"), truth(lines), "after all")
    # several share two processors here; a wait for the store's lock would add up
    need(longest < LONGEST_SECONDS * at_once / 2, "one took %.1f s" % longest)


def a_whole_log_at_once():
    """Nothing known yet, and four of them begin at the first byte of 5,000 lines."""
    place = Place("whole")
    lines = failures(LINES, sources=40)
    place.write("auth.log", "".join(lines))
    began = time.monotonic()
    for draft in [place.start("draft", "--offline", "auth.log") for _ in range(4)]:
        finish(draft, began)
    equal(place.counts("auth.log"), truth(lines), "after all")


def others_of_the_same_log():
    """The same log under its name, packed and as standard input, all at once. Standard
    input cannot be read a second time from where somebody else stands: it says so."""
    place = Place("same")
    lines = failures(LINES, sources=40)
    log = place.write("auth.log", "".join(lines))
    subprocess.run(["gzip", "-k", str(log)], check=True)
    with open(log, "rb") as stream:
        piped = subprocess.Popen(place.words("draft", "--offline", "-"), text=True,
                                 stdin=stream, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, env=dict(os.environ))
    drafts = [place.start("draft", "--offline", "auth.log"),
              place.start("draft", "--offline", "auth.log.gz")]
    began = time.monotonic()
    for draft in drafts:
        finish(draft, began)
    _, err = piped.communicate(timeout=60)
    need(piped.returncode == 0 or piped.returncode == 75 and err == TURNED_AWAY,
         "standard input ended with", piped.returncode, err)
    equal(place.counts("auth.log"), truth(lines), "after all")


def one_killed_in_between():
    """Killed at any commit: the next one goes on from what was committed."""
    lines = failures(400, sources=8)
    ended = False
    at = 0
    while not ended:
        at += 1
        place = Place("killed")
        log = place.write("auth.log", "".join(lines))
        killed = subprocess.run(
            place.words("draft", "--offline", log), capture_output=True, timeout=60,
            env=dict(os.environ, TIPOFF_CRASH_AT=str(at)))
        ended = killed.returncode == 0
        need(ended or killed.returncode == -9, "killed at", at, killed)
        equal(place.counts(log), truth(lines), "after a kill at point %d" % at)
    need(at > 4, "only %d points: is this a build with crash points?" % at)


def main():
    check("two drafts beside a writer", beside, 2)
    check("four drafts beside a writer", beside, 4)
    check("four drafts of one whole log", a_whole_log_at_once)
    check("one log under three names at once", others_of_the_same_log)
    check("killed at each point, then drafted", one_killed_in_between)


main()
