#!/usr/bin/python3
"""A hundred thousand incidents of one network within an hour: no more mails than the caps say,
over restarts and with two workers on one store; and memory that does not grow with them, of
the program as it is installed (build/release, which tools/soak makes)."""

import os

from delivery_ground import NORTHWIND, TOP, checks, ok
from flood_run import BUSY, SEND, WORK, flood, flooded, peak_megabytes, start, told_once, two_workers

FEW, MANY, LINES, GROWS_MOST = 10000, 100000, 3, 1.2
RELEASE = os.path.join(TOP, "build/release/tipoff")


def measured(count):
    """-> {step: peak in MB} of all that is done with so many"""
    house = flooded("measured-%d" % count)
    argv = house.argv
    house.argv = lambda *words: [RELEASE, *argv(*words)[1:]]
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


def memory():
    few, many = measured(FEW), measured(MANY)
    for name, peak in many.items():
        print("# %s: %.2f times the memory for ten times the incidents" % (
            name, peak / few[name]))
    ok("the most of all grows at most %.1f times" % GROWS_MOST,
       max(many.values()) <= GROWS_MOST * max(few.values()), (few, many))


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


memory()
caps()
checks.exit()
