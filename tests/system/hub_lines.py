#!/usr/bin/python3
"""Recorded lines of 80 services, each with the address that another project asserts for
it: the right one on at least 95 of 100 lines of authentication, firewalls and intrusion
detection, and never a wrong one on any line.

A recorded line is read as a log of its own. Those without a date stand behind one dated
line that says nothing, since there is no event without a credible time.
"""

import collections
import ipaddress
import os
import pathlib
import re

from stand import NOW, TIPOFF, Place, ask, check, equal, need, records

CORPORA = pathlib.Path(os.environ.get("CORPORA", "/nonexistent"))
LINES = CORPORA / "hub-lines.tsv"
DATED = "2026-11-20T09:59:59+00:00 web1 cron[1]: nothing happened\n"
STAMP = re.compile(r".{0,80}?\d\d:\d\d:\d\d|.{0,30}\"ts\":\d{10}")
ENOUGH = 0.95

Row = collections.namedtuple("Row", "test service kind source time line")

# Kinds that tell of no login, firewall or intrusion: requests, mail, sales, what a proxy
# passed on. Their lines may give an event, but no wrong address.
OTHER_KINDS = {
    ("http", "http_access-log"), ("-", "traefik_tcpudp"), ("-", "-"), ("wwsympa", "-"),
    ("-", "mailscanner_spam"), ("-", "mailscanner_blacklist"),
    ("magento", "ADD_TO_CART_SUCCESS"), ("magento", "CUSTOMER_REGISTER_SUCCESS"),
}

# Lines of the other kinds that tell of no hostile act all the same, by the promise that
# nobody innocent is named; by number of the row, counted from 1. All but those read.
EXCEPTIONS = {
    "a handshake of TLS that ended: whoever changes their mind does that": [9],
    "a packet that the VPN server itself sent to a peer: every peer gets such": [
        *range(176, 207)],
    "a login that began; how it ended, another line says": [*range(386, 393), 408],
    "a list of addresses of which the visitor wrote the first": [426, 427],
    "a packet that the firewall only counted: its prefix does not say that it was "
    "turned away, and it was for a host behind it": [495],
    "a packet of a connection under way, and one of our own on its way out": [596, 598],
    "a faulty checksum, which network cards make": [780],
    "our own machine's request, seen on its way out": [782],
    "an error of the server while somebody was at it, for no reason that it says": [840],
}


def rows_read():
    lines = LINES.read_text("utf-8").split("\n")[1:]
    return [Row(*line.split("\t", 5)) for line in lines if line]


def address(text):
    found = ipaddress.ip_address(text.partition("%")[0])
    return getattr(found, "ipv4_mapped", None) or found


def events_read(rows):
    """For each number: the (address, rule) of its events; contested ones name nobody."""
    place = Place("hub")
    for number, row in enumerate(rows, 1):
        place.write("log/%04d.log" % number,
                    "%s%s\n" % ("" if STAMP.match(row.line) else DATED, row.line))
    answer = ask([TIPOFF, "--now", NOW, "--set", "logs.zone=UTC", "detect", "--events",
                  "--json", *sorted((place.folder / "log").iterdir())], place.folder,
                 seconds=120)
    need(answer.status in (0, 10), "status %d: %s" % (answer.status, answer.err))
    found = collections.defaultdict(set)
    for event in records(answer, "event"):
        if event["source"]:
            number = int(pathlib.Path(event["file"]).stem)
            found[number].add((address(event["source"]), event["rule"]))
    return found


def excused():
    return {number: why for why, numbers in EXCEPTIONS.items() for number in numbers}


def named_right(rows, found):
    wrong = []
    tally = collections.defaultdict(collections.Counter)
    missed = []
    why = excused()
    for number, row in enumerate(rows, 1):
        named = {source for source, _ in found[number]}
        kind = (row.service, row.kind)
        if named - {address(row.source)}:
            verdict = "wrong"
            wrong.append("%d names %s, not %s: %s" % (
                number, sorted(map(str, found[number])), row.source, row.line[:200]))
        elif named:
            verdict = "right"
        else:
            verdict = "excused" if number in why else "missed"
        if verdict == "missed" and kind not in OTHER_KINDS:
            missed.append("%d (%s): %s" % (number, row.service, row.line[:150]))
        tally[kind][verdict] += 1
    report(tally, missed)
    need(not wrong, "\n".join(wrong))
    stale = [number for number in why if found[number]]
    equal(stale, [], "excused, and read all the same")
    judged = sum((counts for kind, counts in tally.items() if kind not in OTHER_KINDS),
                 collections.Counter())
    asked = judged["right"] + judged["missed"]
    print("# %d of %d lines (%.1f %%) with the right address; %d are no hostile act" % (
        judged["right"], asked, 100 * judged["right"] / asked, judged["excused"]))
    need(judged["right"] >= ENOUGH * asked, "too few")


def report(tally, missed):
    for kind, counts in sorted(tally.items()):
        print("# %-20s %-30s right %3d, wrong %d, missed %d, no hostile act %d%s" % (
            *kind, counts["right"], counts["wrong"], counts["missed"], counts["excused"],
            " (not counted)" if kind in OTHER_KINDS else ""))
    for why, numbers in EXCEPTIONS.items():
        print("# %d no hostile act: %s" % (len(numbers), why))
    for line in missed:
        print("# missed " + line)


def main():
    if not LINES.is_file():
        print("skip recorded services # no recorded lines: set CORPORA")
        return
    rows = rows_read()
    check("all recorded rows are read", equal, len(rows), 866, "rows")
    check("recorded services", named_right, rows, events_read(rows))


main()
