#!/usr/bin/python3
"""A real sshd log of 2,000 lines: the same failures as fail2ban counts, by its filter
exactly and by our rule with differences that are known; nobody named who is not in it.

Our rule counts attempts, fail2ban's filter lines:
- one login that two lines tell ("Invalid user", then "Failed password" of the same
  process) is one attempt for us and two failures for fail2ban;
- "Failed none" is how a client asks what is possible: it opens the attempt that the next
  line tells and is none of its own, but fail2ban counts it;
- "Disconnecting: Too many authentication failures" and "Received disconnect ...: Auth
  fail" end a session whose failures were counted, and fail2ban counts them as one more;
- "message repeated 5 times: [ Failed password ... ]" are five attempts for us, and
  fail2ban passes them over.
Both are read here once more by this script alone, and must come out exactly.
"""

import collections
import os
import pathlib
import re
import shutil
import subprocess

from stand import TIPOFF, TOP, Place, ask, check, equal, need, records

CORPORA = pathlib.Path(os.environ.get("CORPORA", "/nonexistent"))
LOG = CORPORA / "loghub/OpenSSH_2k.log"
FILTER = pathlib.Path("/etc/fail2ban/filter.d/sshd.conf")
NOW = "2024-12-12T00:00:00Z"
ADDRESS = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])")
LINE = re.compile(r".* sshd\[(\d+)\]: (?:message repeated (\d+) times: \[ )?(.*?)\]?$")
FAILED = re.compile(r"Failed password for .* from ([\d.]+) port \d+ ssh2$")
NONE = re.compile(r"Failed none for .* from ([\d.]+) port \d+ ssh2$")
AUTH_FAIL = re.compile(r"error: Received disconnect from ([\d.]+): 3: .*: Auth fail")
INVALID = re.compile(r"Invalid user .* from ([\d.]+)$")
TOO_MANY = re.compile(r"Disconnecting: Too many authentication failures for ")


def lines():
    for line in LOG.read_text("utf-8", "replace").splitlines():
        match = LINE.match(line)
        if match:
            yield match[1], int(match[2] or 1), match[3]


def attempts():
    """By source, as our rule means them."""
    found, failed, lone = collections.Counter(), set(), set()
    for process, times, text in lines():
        if match := FAILED.match(text):
            found[match[1]] += times
            failed.add((process, match[1]))
        elif match := INVALID.match(text):
            lone.add((process, match[1]))
    for process, source in lone - failed:
        found[source] += 1
    return dict(found)


def counted_lines():
    """By source, as fail2ban's filter means them."""
    found, sources = collections.Counter(), {}
    for process, times, text in lines():
        match = (FAILED.match(text) or NONE.match(text) or INVALID.match(text)
                 or AUTH_FAIL.match(text))
        if match and times == 1:
            found[match[1]] += 1
            sources[process] = match[1]
        elif TOO_MANY.match(text) and process in sources:
            found[sources[process]] += 1
    return dict(found)


def events(rule, log=LOG):
    place = Place("openssh")
    answer = ask([TIPOFF, "--now", NOW, "--set", "logs.zone=UTC", "detect", "--events",
                  "--json", "--rules", rule, log], place.folder)
    equal(answer.status, 0, "status (%s)" % answer.err)
    found = collections.Counter()
    for event in records(answer, "event"):
        found[event["source"]] += event["count"]
    return dict(found)


def by_fail2ban(log):
    done = subprocess.run(["fail2ban-regex", "--usedns=no", "-o", "<ip>", log, FILTER],
                          capture_output=True, text=True, timeout=60,
                          env=dict(os.environ, TZ="UTC"))
    return dict(collections.Counter(done.stdout.split()))


def with_its_filter():
    """The log's last line has no newline: fail2ban waits for the rest of such a line, and
    we take it from a file that nobody is writing. With a newline all is equal."""
    place = Place("openssh")
    whole = place.write("whole.log", LOG.read_bytes().rstrip(b"\n") + b"\n")
    theirs = by_fail2ban(whole)
    need(sum(theirs.values()) > 600, "fail2ban found", sum(theirs.values()))
    equal(events(FILTER, whole), theirs, "with the newline")
    last = ADDRESS.findall(LOG.read_text("utf-8", "replace").splitlines()[-1])[0]
    without = collections.Counter(by_fail2ban(LOG))
    need(not LOG.read_bytes().endswith(b"\n"), "the log ends with a newline now")
    without[last] += 1
    equal(events(FILTER), dict(without), "without the newline")
    equal(counted_lines(), theirs, "this script's own reading")


def with_our_rule():
    equal(events("sshd"), attempts(), "attempts")


def drafted(binary, limit):
    place = Place("openssh")
    answer = ask([binary, "--config", place.config, "--store", place.store, "--now", NOW,
                  "draft", "--offline", "--held", "--show", LOG], place.folder)
    need(answer.status in (0, 10), "status %d: %s" % (answer.status, answer.err))
    need(answer.seconds < limit, "it took %.2f s" % answer.seconds)
    named = set(ADDRESS.findall(answer.out))
    known = set(ADDRESS.findall(LOG.read_text("utf-8", "replace")))
    need(named and named <= known, "named but not in the log:", named - known)
    sources = set(re.findall(r"^Source: +(\S+?),", answer.out, re.M))
    need(len(sources) > 5, "memos for", sources)
    need(sources <= set(attempts()) | connecting(), "sources", sources)


def connecting():
    """Who connected without a try to log in, which other rules tell."""
    return {address for _, _, text in lines()
            if text.startswith(("Did not receive", "Connection closed by ",
                                "Disconnecting", "Accepted "))
            for address in ADDRESS.findall(text)}


def main():
    if not LOG.is_file():
        print("skip OpenSSH_2k.log # no recorded logs: set CORPORA")
        return
    release = TOP / "build/release/tipoff"
    if release.exists():
        check("drafted in under a second", drafted, release, 1)
    check("drafted, and names nobody else", drafted, TIPOFF, 20)
    check("our rule counts attempts", with_our_rule)
    if FILTER.exists() and shutil.which("fail2ban-regex"):
        check("fail2ban's filter finds what it finds there", with_its_filter)
    else:
        print("skip fail2ban's filter # fail2ban is not installed")


main()
