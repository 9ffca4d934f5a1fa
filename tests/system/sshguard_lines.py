#!/usr/bin/python3
"""Recorded lines of many services, each with the address of its attack or with none:
every attack is found, with that address, and nothing else is.

A recorded line is read as a log of its own. Many are messages without header and date, as
a pipe hands them on: in front of those stands one dated line that says nothing. Some are
dated 1943 or 1999, before any log that is read: they are given the year 2025, since there
is no event without a credible time. Addresses
are compared as numbers, and ::ffff:192.0.2.1 is 192.0.2.1.
"""

import collections
import ipaddress
import os
import pathlib
import re

from stand import NOW, TIPOFF, Place, ask, check, equal, need, records

CORPORA = pathlib.Path(os.environ.get("CORPORA", "/nonexistent"))
LINES = CORPORA / "sshguard-lines.txt"
DATED = "2026-11-20T09:59:59+00:00 web1 cron[1]: nothing happened\n"
STAMP = re.compile(r".{0,52}?\d\d:\d\d:\d\d")
OLD = re.compile(r"(?<=/)1943(?=:)|^1999(?=-)")
VERDICT = re.compile(r"\*|\d+ (\S+) [46] \d+")

# Attacks that are not read, and why; by number of the case, counted from 1.
EXCEPTIONS = {
    105: "a connection that ends without a word: probes of the network's health do it",
    106: "a delivery tried again too early: honest mail servers do it",
    108: "an address that stands on a list: that is no act of its own",
    141: "a browser, passed on to the web server behind the shared port as it should be",
    164: "a text file asked for; 444 says that the owner hung up, not why",
    166: "401 without a name: the server's question for one, which every browser gets",
    187: "a crawler's page; 444 says that the owner hung up, not why",
    204: "codes for colours run into the date, so that the line has no time",
}


def cases():
    """(line, address or None), in the order of the file."""
    rows = []
    line = None
    for row in LINES.read_text("utf-8").splitlines():
        match = VERDICT.fullmatch(row)
        if match and line is not None:
            rows.append((line, match[1] and address(match[1])))
            line = None
        elif row and not re.match(r"#|M( }}})?$", row):
            line = row
    return rows


def address(text):
    found = ipaddress.ip_address(text.partition("%")[0])
    return getattr(found, "ipv4_mapped", None) or found


def read(rows):
    """The addresses that each line's events name."""
    place = Place("sshguard")
    for number, (line, _) in enumerate(rows, 1):
        place.write("log/%03d.log" % number, "%s%s\n" % (
            "" if STAMP.match(line) else DATED, OLD.sub("2025", line, count=1)))
    answer = ask([TIPOFF, "--now", NOW, "--set", "logs.zone=UTC", "detect", "--events",
                  "--json", *sorted((place.folder / "log").iterdir())], place.folder,
                 seconds=90)
    need(answer.status in (0, 10), "status %d: %s" % (answer.status, answer.err))
    found = collections.defaultdict(set)
    for event in records(answer, "event"):
        if event["outcome"] == "success":
            continue  # a login is no attack
        need(not event["contested"], "contested:", event)
        number = int(pathlib.Path(event["file"]).stem)
        found[number].add((address(event["source"]), event["rule"]))
    return found


def attacks_found(rows, found):
    wrong, missed, attacks = [], set(), 0
    for number, (line, true) in enumerate(rows, 1):
        named = {source for source, _ in found[number]}
        attacks += true is not None
        if named - {true}:
            wrong.append("%d names %s: %s" % (number, sorted(found[number]), line))
        elif true and not named:
            missed.add(number)
    others = len(rows) - attacks
    print("# %d lines: %d of %d attacks found, %d of %d others left alone" % (
        len(rows), attacks - len(missed), attacks, others - len(wrong),
        others))
    for number, reason in sorted(EXCEPTIONS.items()):
        print("# %d, %s: %s" % (number, reason, rows[number - 1][0][:100]))
    need(not wrong, "\n".join(wrong))
    for number in sorted(missed - EXCEPTIONS.keys()):
        print("# missed %d: %s" % (number, rows[number - 1][0]))
    equal(sorted(missed), sorted(EXCEPTIONS), "attacks not found")


def main():
    if not LINES.is_file():
        print("skip recorded attacks # no recorded lines: set CORPORA")
        return
    rows = cases()
    check("all cases are read", equal, len(rows), 216, "cases")
    check("recorded attacks", attacks_found, rows, read(rows))


main()
