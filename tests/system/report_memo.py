#!/usr/bin/python3
"""Memos as they were read and approved by people: one per category, of one, three and
twelve sources, and the odd ones. `--update` writes what is rendered now, for review."""

import difflib
import os
import re
import sys

import report_fixtures as fixtures

checks = fixtures.Checks()


def rendered(case):
    subject = fixtures.render(case, "subject").decode()
    return "Subject: %s\n\n%s" % (subject, fixtures.render(case, "memo").decode())


def against_golden(name, text):
    path = os.path.join(fixtures.GOLDEN, name + ".txt")
    if "--update" in sys.argv:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    with open(path, encoding="utf-8") as file:
        want = file.read()
    checks.ok("golden " + name, text == want, *difflib.unified_diff(
        want.splitlines(), text.splitlines(), "golden", "rendered", lineterm=""))


def shape(name, text):
    lines = text.split("\n")[2:]
    bad = [line for line in lines if line != line.rstrip()]
    checks.ok("no trailing blanks " + name, not bad, *bad)
    wide = [line for line in lines if len(line) > 76 and " | " not in line]
    checks.ok("76 columns " + name, not wide, *wide)


def friendly(name, case):
    findings = fixtures.render(case, "lint").decode()
    checks.ok("lint finds nothing " + name, not findings, findings)


def sum_of_all():
    """Every number of the summary is the sum of the blocks."""
    text = fixtures.render(fixtures.fixture("three"), "memo").decode()
    counts = [int(line.split()[1]) for line in text.splitlines()
              if line.startswith("What:")]
    checks.ok("the summary adds up", counts[0] == sum(counts[1:]) and len(counts) == 4,
              counts)


def many_sources():
    """A thousand sources fit into one mail: blocks first, then a line each."""
    case = fixtures.fixture("three")
    model = case["sources"][0]
    case["sources"] = [dict(model, address="203.0.113.%d" % (i % 250 + 1))
                       for i in range(1000)]
    memo = fixtures.render(case, "memo").decode()
    rows = [line for line in memo.splitlines() if " | to " in line]
    checks.ok("a line for each source beyond the blocks", len(rows) == 970, len(rows))
    message = fixtures.render(case, "message")
    checks.ok("a thousand sources stay under 1 MB", len(message) < 1 << 20, len(message))
    parts = fixtures.render(case, "parts").splitlines()
    checks.ok("at most ten parts", len(parts) == 10, len(parts))


def masked():
    text = fixtures.render(fixtures.fixture("sensor"), "memo", "parts", "csv").decode()
    checks.ok("a sensor stays hidden", "198.51.100.20" not in text and
              "web1" not in text, text)
    text = fixtures.render(fixtures.fixture("inside"), "memo", "parts").decode()
    shown = [line for line in text.splitlines() if "10.0.0.5" in line]
    checks.ok("an inside address is marked as one",
              all("inside address" in line for line in shown), *shown)
    text = fixtures.render(fixtures.fixture("login-attack"), "memo", "message").decode()
    checks.ok("a user name that could be a person's is not shown", "mkeller" not in text)
    text = fixtures.render(fixtures.fixture("mail-abuse"), "memo", "parts").decode()
    checks.ok("a mail address of others is not shown", "jane.roe" not in text)


def public():
    """A public database does not learn which machine of ours it was, nor our words."""
    case = fixtures.fixture("login-attack")
    case["reader"] = "public"
    case["settings"]["words"] = ["SSH2"]
    lines = [line for line in fixtures.render(case, "memo").decode().splitlines()
             if " | " in line]
    checks.ok("lines for a public database", lines and all(
        "[our host] sshd" in line and "web1" not in line and "[...]" in line and
        "203.0.113.77" in line for line in lines), *lines)
    want = fixtures.render(fixtures.fixture("login-attack"), "memo").decode()
    names = set(re.findall("user-[A-Z0-9]{5}", want))
    checks.ok("one name, one pseudonym for every reader",
              names and names == set(re.findall("user-[A-Z0-9]{5}", "\n".join(lines))), names)


def spread():
    """Of a burst the log keeps its first lines and few later ones: those are shown too."""
    case = fixtures.fixture("login-attack")
    incident = case["sources"][0]["incidents"][0]
    times = ["02:14:%02d" % (7 + second) for second in range(16)] + \
        ["02:26:16", "02:47:00", "03:20:00", "04:40:00", "05:13:52"]
    incident["lines"] = [{"at": "2026-11-21T%sZ" % time, "user": "root",
                          "text": "Nov 20 21:14:07 web1 sshd[3121]: Failed password for root "
                                  "from 203.0.113.77 port 40112 ssh2"} for time in times]
    lines = [line[11:19] for line in fixtures.render(case, "memo").decode().splitlines()
             if " | " in line]
    checks.ok("lines are spread over the time that it took", len(lines) == 10 and
              lines == sorted(set(lines)) and lines[0] == times[0] and
              lines[-5:] == times[-5:], lines)
    for line in incident["lines"]:
        line["at"] = incident["first"]
    lines = [line for line in fixtures.render(case, "memo").decode().splitlines()
             if " | " in line]
    checks.ok("and where all came at once, some of them", len(lines) == 10, lines)


def missing():
    got = fixtures.render(fixtures.fixture("unset"), "missing").decode().split()
    checks.ok("what is not configured is listed",
              got == ["name", "role", "relation", "mail", "hosts", "zone"], got)
    got = fixtures.render(fixtures.fixture("login-attack"), "missing").decode()
    checks.ok("nothing is missing of a full configuration", got == "", got)


for name in fixtures.names():
    case = fixtures.fixture(name)
    text = rendered(case)
    against_golden(name, text)
    shape(name, text)
    if name != "unset":
        friendly(name, case)
sum_of_all()
many_sources()
masked()
spread()
public()
missing()
checks.exit()
