#!/usr/bin/python3
"""detect tells the same events with any number of threads, as one file or cut into a
rotated set of several, plain or compressed. The log is larger than several blocks."""

import collections
import datetime
import gzip
import json
import os
import random

from stand import Place, check, equal, failure, need, records, source

LINES = 40000
SPLITS = 4


def log_lines(seed):
    """Failed logins of one connection told by two lines, a date form that changes late,
    lines without a date, and lines that mean nothing."""
    chance = random.Random(seed)
    lines = []
    for number in range(LINES // 2):
        line = failure(number % 40000, source(chance.randrange(300)))
        if number > LINES // 3:
            line = "2026-11-20T" + line[7:15] + "+00:00" + line[15:]
        if chance.random() < 0.05:
            line = line.split("web1 ", 1)[1]
        lines.append(line)
        lines.append("Nov 20 09:00:00 web1 systemd[1]: Started Session %d.\n" % number)
    return lines


def told(place, threads, *logs):
    answer = place.run("detect", "--events", "--json", "--threads", threads, *logs,
                       seconds=120)
    need(answer.status == 0, answer.err)
    rows = records(answer, "event")
    for row in rows:
        del row["file"], row["line"]
    return rows


def threads():
    place = Place("threads")
    log = place.write("auth.log", "".join(log_lines(1)))
    one = told(place, 1, log)
    need(len(one) > LINES // 3, len(one), "events only")
    for count in (2, 3, 7):
        equal(told(place, count, log) == one, True, "%d threads" % count)


def splits():
    chance = random.Random(2)
    lines = log_lines(3)
    place = Place("whole")
    whole = told(place, 1, place.write("auth.log", "".join(lines)))
    for number in range(SPLITS):
        place = Place("cut%d" % number)
        cuts = sorted(chance.sample(range(1, len(lines)), 3))
        parts = [lines[a:b] for a, b in zip([0] + cuts, cuts + [len(lines)])]
        for age, part in enumerate(reversed(parts)):
            text = "".join(part).encode()
            if age == 0:
                place.write("logs/auth.log", text)
            elif age == 1:
                place.write("logs/auth.log.1", text)
            else:
                place.write("logs/auth.log.%d.gz" % age, gzip.compress(text))
        got = told(place, number + 1, place.folder / "logs")
        equal(len(got), len(whole), "events of cut %d" % number)
        for a, b in zip(got, whole):
            equal(json.dumps(a), json.dumps(b), "event of cut %d" % number)


def years():
    """Two logs that begin alike and were last written to in different years: what threads
    know of the dates of one says nothing of the other's."""
    place = Place("years")
    lines = "".join(failure(number % 40000, source(number % 300))
                    for number in range(LINES))
    logs = [place.write("%d.log" % year, lines) for year in (2025, 2024)]
    for log, year in zip(logs, (2025, 2024)):
        at = datetime.datetime(year, 11, 21, tzinfo=datetime.timezone.utc).timestamp()
        os.utime(log, (at, at))
    for count in (1, 4):
        rows = told(place, count, *logs)
        equal(collections.Counter(row["time"][:4] for row in rows),
              {"2025": LINES, "2024": LINES}, "%d threads" % count)


check("any number of threads", threads)
check("logs of different years", years)
check("any cut into files", splits)
