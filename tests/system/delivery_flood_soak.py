#!/usr/bin/python3
"""A hundred thousand incidents of one network within an hour: no more mails than the caps say,
over restarts and with two workers on one store; and memory that does not grow with them, of
the program as it is installed (build/release, which tools/soak makes)."""

import os

from delivery_ground import NORTHWIND, TOP, checks, ok
from flood_run import BUSY, SEND, WORK, flood, flooded, peak_megabytes, start, told_once, two_workers

FEW, MANY, LINES, GROWS_MOST = 10000, 100000, 3, 1.2
RELEASE = os.path.join(TOP, "build/release/tipoff")


def keyed(house):
    """The settings under which every public database is told."""
    key = os.path.join(house.folder, "account.key")
    with open(key, "w", encoding="ascii") as file:
        file.write("0123456789abcdef\n")
    os.chmod(key, 0o600)
    return ["databases.report-to=abuseipdb blocklist.de dshield",
            "databases.abuseipdb-key-file=" + key,
            "databases.blocklist-de-key-file=" + key,
            "databases.blocklist-de-server=abuse@harbour-books.corp",
            "databases.dshield-user=12345"]


def measured(count, public):
    """-> {step: peak in MB} of all that is done with so many"""
    house = flooded("measured-%d%s" % (count, "-public" if public else ""))
    argv = house.argv
    house.argv = lambda *words: [RELEASE, *argv(*words)[1:]]
    house.sets += keyed(house) if public else []
    flood(house, 0, count, 2, LINES)
    house.now = "2026-11-21T03:30:00Z"
    peaks = {}
    for name, words in (("draft", WORK[0]), ("draft again", WORK[0]), ("cases", ("cases",)),
                        ("send", SEND)):
        peaks[name], code = peak_megabytes(house, *words)
        print("# %d incidents: %s %.1f MB" % (count, name, peaks[name]))
        ok("%s of %d ends well" % (name, count), code == 0, code)
    case = house.rows("SELECT id FROM kase WHERE contact = ?", NORTHWIND)[0][0]
    peaks["show"], _ = peak_megabytes(house, "show", case)
    ok("%d incidents, one mail" % count, len(house.sink.mails()) == 1)
    return peaks


def memory(public):
    few, many = measured(FEW, public), measured(MANY, public)
    for name, peak in many.items():
        ok("%s%s: at most %.1f times the memory for ten times the incidents" % (
            name, " with public databases" if public else "", GROWS_MOST),
           peak <= GROWS_MOST * few[name], "%.2f times" % (peak / few[name]))
        print("# %s: %.2f times" % (name, peak / few[name]))


def caps():
    house = flooded("flood")
    house.argv = lambda *words, argv=house.argv: [RELEASE, *argv(*words)[1:]]
    codes = set()
    for step in range(4):
        flood(house, step * MANY // 4, MANY // 4, 2)
        house.now = "2026-11-21T03:%02d:00Z" % (10 * step)
        codes |= set(two_workers(house, 10 * step, 5, 20))
    mails = [a[-1] for a, _ in house.sink.mails()]
    print("# %d incidents, %d mails, exits %s, states %s" % (
        house.rows("SELECT COUNT(*) FROM incident")[0][0], len(mails), sorted(codes),
        house.states()))
    ok("one mail to its contact, though 40 workers were killed", told_once(house, mails) and set(mails) <= {NORTHWIND}, mails)
    ok("every line was counted once", house.rows(
        "SELECT COUNT(*), SUM(count) FROM incident") == [(MANY, MANY)])
    ok("each worker ended well, or waits for the other", codes <= {0, BUSY}, codes)
    house.now = "2026-11-22T05:00:00Z"
    for words in (*WORK, *WORK):
        start(house, *words).wait()
    ok("a day later one more", len(house.sink.mails()) == len(mails) + 1, len(house.sink.mails()))


memory(public=False)
memory(public=True)
caps()
checks.exit()
